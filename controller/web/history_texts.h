// SPDX-License-Identifier: GPL-2.0
// The history as it is served: cut into texts once, when it has changed. With a
// hundred transitions of many tasks it is tens of MiB, which nobody turns into
// text again for each event or request.
#ifndef KLPX_CONTROLLER_WEB_HISTORY_TEXTS_H_
#define KLPX_CONTROLLER_WEB_HISTORY_TEXTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/base/json.h"

namespace klpx {

class HistoryTexts {
 public:
  // Of a klp.history/v1 document.
  explicit HistoryTexts(const Json& history);

  // Another one: what is in it has changed.
  const std::string& tag() const { return tag_; }

  // The newest ones; brief: without tasks, events and forces.
  std::shared_ptr<const std::string> Newest(size_t limit, bool brief) const;

  // A document with this transition alone; null if it is not in it.
  std::shared_ptr<const std::string> One(int64_t id) const;

 private:
  struct Entry {
    std::optional<int64_t> id;
    std::string whole;
    std::string brief;
  };

  std::string head_;  // up to the list
  std::vector<Entry> entries_;
  std::string tag_;
  std::shared_ptr<const std::string> all_briefly_;  // what the page asks for
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_HISTORY_TEXTS_H_
