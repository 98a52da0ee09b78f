// SPDX-License-Identifier: GPL-2.0
// Takes the place of controller/daemon/journal.cc: what the daemon would tell
// is kept for the test, and no journal of this machine hears of it.
#ifndef KLPX_TESTS_UNIT_DAEMON_FAKE_JOURNAL_H_
#define KLPX_TESTS_UNIT_DAEMON_FAKE_JOURNAL_H_

#include <string>
#include <vector>

#include "controller/daemon/journal.h"

namespace klpx {

struct JournalEntry {
  Message message;
  std::string text;
  JournalFields fields;

  // "" if it has none of this name.
  std::string Field(const std::string& name) const;
};

// All of this test; a test begins with it empty.
std::vector<JournalEntry>& JournalEntries();
std::vector<Message> JournalKinds();

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_DAEMON_FAKE_JOURNAL_H_
