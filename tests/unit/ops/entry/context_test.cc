// SPDX-License-Identifier: GPL-2.0
// All that a verb is given.
#include "controller/ops/entry/context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

class ContextTest : public testing::Test, protected CommandTest {};

TEST_F(ContextTest, AVerbWithinAnotherIsTheSameMachineAndOwner) {
  context.ownership.file = "/o";
  context.boot.state_dir = "/s";
  context.boot.run_dir = "/r";
  context.recorder.path = "/h";
  context.SetVerb("several");
  context.recorder.by = "boot";
  context.recorder.id = 7;
  context.console.style.json = true;
  std::ostringstream inner_out;
  Context inner(context, inner_out, err);
  EXPECT_EQ(&inner.kernel, &context.kernel);
  EXPECT_EQ(&inner.machine.observer, &context.machine.observer);
  EXPECT_EQ(&inner.machine.policy, &context.machine.policy);
  EXPECT_EQ(inner.ownership.file, "/o");
  EXPECT_EQ(inner.ownership.verb, "several");
  EXPECT_EQ(inner.ownership.lock, context.ownership.lock);
  EXPECT_EQ(inner.boot.state_dir, "/s");
  EXPECT_EQ(inner.boot.run_dir, "/r");
  EXPECT_EQ(inner.boot.verb, "several");
  EXPECT_EQ(inner.recorder.path, "/h");
  EXPECT_EQ(inner.recorder.verb, "several");
  EXPECT_EQ(inner.recorder.by, "boot");
  EXPECT_EQ(inner.program_dir, context.program_dir);
  // How it speaks and which transition it deals with are its own.
  EXPECT_EQ(inner.recorder.id, 0);
  EXPECT_FALSE(inner.console.style.json);
}

TEST_F(ContextTest, WhatItsPartsSayIsSaidWhereItSpeaks) {
  std::ostringstream inner_err;
  Context inner(context, out, inner_err);
  Warn(inner.recorder.console, "a");
  Warn(inner.boot.console, "b");
  EXPECT_NE(inner_err.str(), "");
  EXPECT_EQ(err.str(), "");
  // Also after the style was changed.
  inner_err.str("");
  inner.console.style.quiet = true;
  Warn(inner.recorder.console, "a");
  EXPECT_EQ(inner_err.str(), "");
}

}  // namespace
}  // namespace klpx
