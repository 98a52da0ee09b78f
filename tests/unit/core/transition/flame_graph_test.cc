// SPDX-License-Identifier: GPL-2.0
#include "controller/core/transition/flame_graph.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

TEST(FlameGraphTest, FoldsFromTheOutermostFunction) {
  FlameGraph graph;
  graph.Add({"a+0x1/0x2", "root+0x1/0x2"}, "running");
  graph.Add({"b+0x9/0x20 [mod]", "root+0x7/0x20"}, "running");
  graph.Add({"b+0x1/0x20 [mod]", "root+0x7/0x20"}, "running");
  graph.Add({}, "idle");
  const Json tree = graph.Tree();
  EXPECT_EQ(tree["value"], 4);
  EXPECT_EQ(tree["children"][0]["name"], "root");
  EXPECT_EQ(tree["children"][0]["value"], 3);
  EXPECT_EQ(tree["children"][0]["children"][0]["name"], "b [mod]");
  EXPECT_EQ(tree["children"][0]["children"][0]["value"], 2);
  EXPECT_EQ(tree["children"][1]["name"], "(no stack: idle)");
  EXPECT_EQ(graph.dropped(), 0u);
}

TEST(FlameGraphTest, IsBounded) {
  FlameGraph graph;
  for (size_t i = 0; i < 3 * kMostFoldedFrames; i++) {
    graph.Add({absl::StrCat("f", i)}, "running");
  }
  graph.Add(std::vector<std::string>(10000, "deep"), "running");
  const Json tree = graph.Tree();
  EXPECT_EQ(tree["value"], 3 * kMostFoldedFrames + 1);
  EXPECT_LT(tree["children"].size(), kMostFoldedFrames);
  EXPECT_GT(graph.dropped(), 2 * kMostFoldedFrames);
}

TEST(FlameGraphTest, FramesLoseTheirOffsets) {
  EXPECT_EQ(FunctionOfFrame("do_wait+0x5a/0xd0"), "do_wait");
  EXPECT_EQ(FunctionOfFrame("f+0x5a/0xd0 [mod]"), "f [mod]");
  EXPECT_EQ(FunctionOfFrame("0xffffffff81000000"), "0xffffffff81000000");
  EXPECT_EQ(FunctionOfFrame(""), "");
}

TEST(FlameGraphTest, OfNothingIsARootWithoutChildren) {
  const Json tree = FlameGraph().Tree();
  EXPECT_EQ(tree["value"], 0);
  EXPECT_FALSE(tree.contains("children"));
}

TEST(FlameGraphTest, ChildrenWithTheMostTasksComeFirst) {
  FlameGraph graph;
  for (const char* name : {"a", "b", "b", "c", "c", "c"}) graph.Add({name}, "");
  const Json tree = graph.Tree();
  ASSERT_EQ(tree["children"].size(), 3u);
  EXPECT_EQ(tree["children"][0]["name"], "c");
  EXPECT_EQ(tree["children"][1]["name"], "b");
  EXPECT_EQ(tree["children"][2]["name"], "a");
}

// A function that calls itself is not one with its caller.
TEST(FlameGraphTest, RecursionIsDepth) {
  FlameGraph graph;
  graph.Add({"f+0x1/0x9", "f+0x1/0x9", "f+0x1/0x9"}, "running");
  const Json tree = graph.Tree();
  EXPECT_EQ(tree["children"][0]["value"], 1);
  const Json& inner = tree["children"][0]["children"][0]["children"][0];
  EXPECT_EQ(inner["name"], "f");
  EXPECT_FALSE(inner.contains("children"));
}

// What has no room counts with its caller.
TEST(FlameGraphTest, AStackThatIsTooDeepIsCutAndCounted) {
  FlameGraph graph;
  graph.Add(std::vector<std::string>(kDeepestFold, "f"), "running");
  EXPECT_EQ(graph.dropped(), 0u);
  graph.Add(std::vector<std::string>(kDeepestFold + 1, "f"), "running");
  EXPECT_EQ(graph.dropped(), 1u);
  const Json tree = graph.Tree();
  size_t depth = 0;
  const Json* at = &tree;
  while (at->contains("children")) {
    at = &(*at)["children"][0];
    EXPECT_EQ((*at)["value"], 2);
    depth++;
  }
  EXPECT_EQ(depth, kDeepestFold);
}

}  // namespace
}  // namespace klpx
