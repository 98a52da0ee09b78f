// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/task_key.h"

#include <gtest/gtest.h>

#include <map>

namespace klpx {
namespace {

constexpr klpx_task_key kTask = {42, -1, 7};
constexpr klpx_task_key kLater = {42, -1, 8};
constexpr klpx_task_key kIdle0 = {0, 0, 0};
constexpr klpx_task_key kIdle1 = {0, 1, 0};

TEST(TaskKeyTest, ATaskIsItsTidCpuAndStart) {
  EXPECT_EQ(kTask, (klpx_task_key{42, -1, 7}));
  EXPECT_FALSE(kTask == (klpx_task_key{43, -1, 7}));
  EXPECT_FALSE(kTask == kLater) << "a tid used again";
  EXPECT_FALSE(kIdle0 == kIdle1) << "idle tasks of two CPUs";
}

TEST(TaskKeyTest, EachTaskHasItsPlaceInAMap) {
  const std::map<klpx_task_key, int> known = {
      {kTask, 1}, {kLater, 2}, {kIdle0, 3}, {kIdle1, 4}};
  EXPECT_EQ(known.size(), 4u);
  EXPECT_EQ(known.at(kLater), 2);
  EXPECT_EQ(known.at(kIdle1), 4);
}

}  // namespace
}  // namespace klpx
