// SPDX-License-Identifier: GPL-2.0
// Many stacks as one tree.
#include "controller/core/transition/flame_graph.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace klpx {

std::string FunctionOfFrame(absl::string_view frame) {
  const size_t offset = frame.find("+0x");
  if (offset == absl::string_view::npos) return std::string(frame);
  const size_t module = frame.find(" [", offset);
  return absl::StrCat(frame.substr(0, offset), module == absl::string_view::npos
                                                   ? ""
                                                   : frame.substr(module));
}

size_t FlameGraph::Child(size_t parent, const std::string& name) {
  const auto at = nodes_[parent].callees.find(name);
  if (at != nodes_[parent].callees.end()) return at->second;
  if (nodes_.size() >= kMostFoldedFrames) return 0;
  nodes_.emplace_back();
  nodes_[parent].callees.emplace(name, nodes_.size() - 1);
  return nodes_.size() - 1;
}

void FlameGraph::Add(const std::vector<std::string>& innermost_first,
                     absl::string_view reason) {
  nodes_[0].tasks++;
  size_t at = 0;
  size_t depth = 0;
  const auto enter = [&](const std::string& name) {
    const size_t child = depth++ < kDeepestFold ? Child(at, name) : 0;
    if (child == 0) return false;
    at = child;
    nodes_[at].tasks++;
    return true;
  };
  bool whole = true;
  if (innermost_first.empty()) {
    whole = enter(absl::StrCat("(no stack: ", reason, ")"));
  }
  for (auto frame = innermost_first.rbegin();
       whole && frame != innermost_first.rend(); ++frame) {
    whole = enter(FunctionOfFrame(*frame));
  }
  if (!whole) dropped_++;
}

Json FlameGraph::TreeOf(absl::string_view name, const Node& node) const {
  Json json;
  json["name"] = std::string(name);
  json["value"] = node.tasks;
  std::vector<std::pair<absl::string_view, size_t>> callees(
      node.callees.begin(), node.callees.end());
  std::stable_sort(callees.begin(), callees.end(),
                   [&](const auto& a, const auto& b) {
                     return nodes_[a.second].tasks > nodes_[b.second].tasks;
                   });
  if (callees.empty()) return json;
  json["children"] = Json::array();
  for (const auto& [callee, index] : callees) {
    json["children"].push_back(TreeOf(callee, nodes_[index]));
  }
  return json;
}

Json FlameGraph::Tree() const { return TreeOf("all", nodes_[0]); }

}  // namespace klpx
