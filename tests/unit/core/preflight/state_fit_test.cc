// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/state_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

// A patch with state 7 of version 2 is installed; the new patch has it too.
class StateFitTest : public testing::Test {
 protected:
  StateFitTest() {
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

TEST_F(StateFitTest, AcceptsTheSameStates) { Accepted(); }

TEST_F(StateFitTest, AcceptsANewerVersion) {
  coming().version = 3;
  Accepted();
}

TEST_F(StateFitTest, RefusesAnOlderVersion) {
  coming().version = 1;
  Refused("state 7 has version 1, but patch 'old' has already set version 2");
}

TEST_F(StateFitTest, VersionsOfStatesWithCallbacksDoNotCount) {
  coming().version = 1;
  old().callbacks = {"pre_patch"};
  Accepted();
}

TEST_F(StateFitTest, RefusesAnotherName) {
  coming().name = "sockets";
  old().name = "files";
  Refused("state 7 ('sockets') has the id of state 7 ('files') of patch 'old'");
}

TEST_F(StateFitTest, RefusesAStateOfAnotherSet) {
  file_.patch->replace_set = 1;
  Refused("another replace_set");
}

TEST_F(StateFitTest, RefusesDuplicateIds) {
  file_.patch->states.push_back(coming());
  Refused("state 7 is listed twice");
}

TEST_F(StateFitTest, AcceptsAStackedPatchWithoutTheState) {
  file_.patch->states.clear();
  Accepted();
}

TEST_F(StateFitTest, RefusesToReplaceWithoutAVersionedState) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  Refused("no callbacks to undo it");
}

TEST_F(StateFitTest, RefusesToReplaceWithoutAStateThatStays) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  old().block_disable = true;
  Refused("block_disable");
}

TEST_F(StateFitTest, ReplacesAStateThatCanBeUndone) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  old().is_shadow = true;
  Accepted();
}

TEST_F(StateFitTest, LeavesAnotherSetAlone) {
  file_.patch->states.clear();
  file_.patch->replace = true;
  file_.patch->replace_set = 1;
  Accepted();
}

TEST_F(StateFitTest, LeavesWhatItCannotKnowToTheEngine) {
  file_.patch.reset();
  Accepted();
}

}  // namespace
}  // namespace klpx
