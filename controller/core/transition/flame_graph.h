// SPDX-License-Identifier: GPL-2.0
// Many stacks as one tree, the data of a flame graph: how many tasks are in
// each function, and through which callers.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_FLAME_GRAPH_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_FLAME_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/base/json.h"

namespace klpx {

// Bounds of the tree, since stacks may be hostile or very different: a frame
// that exceeds them is counted with its caller, and in Dropped().
inline constexpr size_t kMostFoldedFrames = 4000;
inline constexpr size_t kDeepestFold = 64;

// "do_wait+0x5a/0xd0 [mod]" is "do_wait [mod]".
std::string FunctionOfFrame(absl::string_view frame);

class FlameGraph {
 public:
  // Innermost frame first, as the reports have it. A task without a stack
  // counts under its reason.
  void Add(const std::vector<std::string>& innermost_first,
           absl::string_view reason);

  // {"name", "value", "children": [...]}, from the outermost frame; children
  // with the most tasks first.
  Json Tree() const;

  uint64_t dropped() const { return dropped_; }

 private:
  struct Node {
    uint64_t tasks = 0;
    std::map<std::string, size_t, std::less<>> callees;
  };

  size_t Child(size_t parent, const std::string& name);
  Json TreeOf(absl::string_view name, const Node& node) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
  uint64_t dropped_ = 0;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_FLAME_GRAPH_H_
