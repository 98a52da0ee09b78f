// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/state_compatibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

// A patch with state 7 of version 2 is installed; the new patch has it too.
class StateCompatibilityTest : public testing::Test {
 protected:
  StateCompatibilityTest() {
    file_.patch.emplace();
    file_.patch->states = {{7, "", 2, false, false, {}}};
    PatchState old;
    old.name = "old";
    old.registered = true;
    old.replace_set = 0;
    old.states = {{7, "", 2, false, false, {}}};
    installed_ = {old};
  }

  void Refused(const std::string& why) {
    const absl::Status status = CheckStates(file_, installed_);
    EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
    EXPECT_THAT(std::string(status.message()), HasSubstr(why));
  }

  void Accepted() { EXPECT_TRUE(CheckStates(file_, installed_).ok()); }

  SystemState& coming() { return file_.patch->states[0]; }
  SystemState& old() { return installed_[0].states[0]; }

  PatchFile file_;
  std::vector<PatchState> installed_;
};

TEST_F(StateCompatibilityTest, AcceptsTheSameStates) { Accepted(); }

TEST_F(StateCompatibilityTest, AcceptsANewerVersion) {
  coming().version = 3;
  Accepted();
}

TEST_F(StateCompatibilityTest, RefusesAnOlderVersion) {
  coming().version = 1;
  Refused("state 7 has version 1, but patch 'old' has already set version 2");
}

TEST_F(StateCompatibilityTest, VersionsOfStatesWithCallbacksDoNotCount) {
  coming().version = 1;
  old().callbacks = {"pre_patch"};
  Accepted();
}

TEST_F(StateCompatibilityTest, RefusesAnotherName) {
  coming().name = "sockets";
  old().name = "files";
  Refused("state 7 ('sockets') has the id of state 7 ('files') of patch 'old'");
}

TEST_F(StateCompatibilityTest, RefusesAStateOfAnotherSet) {
  file_.patch->replace_set = 1;
  Refused("another replace_set");
}

TEST_F(StateCompatibilityTest, RefusesDuplicateIds) {
  file_.patch->states.push_back(coming());
  Refused("state 7 is listed twice");
}

TEST_F(StateCompatibilityTest, AcceptsAStackedPatchWithoutTheState) {
  file_.patch->states.clear();
  Accepted();
}

TEST_F(StateCompatibilityTest, RefusesToReplaceWithoutAVersionedState) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  Refused("no callbacks to undo it");
}

TEST_F(StateCompatibilityTest, RefusesToReplaceWithoutAStateThatStays) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  old().block_disable = true;
  Refused("block_disable");
}

TEST_F(StateCompatibilityTest, ReplacesAStateThatCanBeUndone) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  old().is_shadow = true;
  Accepted();
}

TEST_F(StateCompatibilityTest, LeavesAnotherSetAlone) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  file_.patch->replace_set = 1;
  Accepted();
}

TEST_F(StateCompatibilityTest, LeavesWhatItCannotKnowToTheEngine) {
  file_.patch.reset();
  Accepted();
}

}  // namespace
}  // namespace klpx
