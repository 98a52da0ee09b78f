// SPDX-License-Identifier: GPL-2.0
// The history as the server sends it.
#include "controller/web/history_texts.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/json_read.h"

namespace klpx {
namespace {

std::string TextOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json Briefly(const Json& transition) {
  Json brief = Json::object();
  for (const auto& [name, value] : transition.items()) {
    if (name != "blocked" && name != "events" && name != "forces") {
      brief[name] = value;
    }
  }
  return brief;
}

}  // namespace

HistoryTexts::HistoryTexts(const Json& history) {
  Json head = Json::object();
  for (const auto& [name, value] : history.items()) {
    if (name != "transitions") head[name] = value;
  }
  head_ = TextOf(head);
  head_.pop_back();
  absl::StrAppend(&head_, head.empty() ? "" : ",", "\"transitions\":[");
  size_t hash = 0;
  for (const Json& transition : ListOf(history, "transitions")) {
    Entry entry = {IntegerOf(transition, "id"), TextOf(transition),
                   TextOf(Briefly(transition))};
    hash = 31 * hash + std::hash<std::string>()(entry.whole);
    entries_.push_back(std::move(entry));
  }
  tag_ = absl::StrCat(entries_.size(), "-", hash);
  all_briefly_ = Newest(entries_.size(), /*brief=*/true);
}

std::shared_ptr<const std::string> HistoryTexts::Newest(size_t limit,
                                                        bool brief) const {
  if (brief && limit >= entries_.size() && all_briefly_) return all_briefly_;
  std::string text = head_;
  for (size_t i = 0; i < std::min(limit, entries_.size()); i++) {
    absl::StrAppend(&text, i == 0 ? "" : ",",
                    brief ? entries_[i].brief : entries_[i].whole);
  }
  absl::StrAppend(&text, "]}\n");
  return std::make_shared<const std::string>(std::move(text));
}

std::shared_ptr<const std::string> HistoryTexts::One(int64_t id) const {
  for (const Entry& entry : entries_) {
    if (entry.id != id) continue;
    return std::make_shared<const std::string>(
        absl::StrCat(head_, entry.whole, "]}\n"));
  }
  return nullptr;
}

}  // namespace klpx
