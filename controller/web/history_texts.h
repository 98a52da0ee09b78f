// SPDX-License-Identifier: GPL-2.0
// The history as the server sends it, turned into texts once per change. With a
// hundred transitions of many tasks it takes tens of MiB, too much to turn into
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
  // Takes a klp.history/v1 document.
  explicit HistoryTexts(const Json& history);

  // Differs if the contents differ.
  const std::string& tag() const { return tag_; }

  // The newest transitions; brief: without tasks, events and forces.
  std::shared_ptr<const std::string> Newest(size_t limit, bool brief) const;

  // A document with only this transition; null if the history does not have it.
  std::shared_ptr<const std::string> One(int64_t id) const;

 private:
  struct Entry {
    std::optional<int64_t> id;
    std::string whole;
    std::string brief;
  };

  std::string head_;  // the document up to the list of transitions
  std::vector<Entry> entries_;
  std::string tag_;
  std::shared_ptr<const std::string> all_briefly_;  // what the page asks for
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_HISTORY_TEXTS_H_
