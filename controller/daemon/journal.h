// SPDX-License-Identifier: GPL-2.0
// The daemon's messages: to the journal, with fields to search for
// (docs/DAEMON.md), or to stderr where there is no journal.
#ifndef KLPX_CONTROLLER_DAEMON_JOURNAL_H_
#define KLPX_CONTROLLER_DAEMON_JOURNAL_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

// Kinds of messages. Each has a MESSAGE_ID, in the table in journal.cc and in
// packaging/klpx.catalog. An id is never reused for another kind.
enum class Message {
  kStarted,
  kStopped,
  kTransitionStarted,
  kTransitionFound,
  kTransitionReversed,
  kTransitionForced,
  kTransitionEnded,
  kDeadline,
  kDeadlineLeft,
  kReversalStalled,
  kPolicyApplied,
  kPolicyRefused,
  kJobFailed,
  kHealthCheckPassed,
  kHealthCheckFailed,
  kHealthCheckExpired,
};

// Names (KLPX_...) and values.
using JournalFields = std::vector<std::pair<std::string, std::string>>;

// Never fails: a message that cannot be delivered is dropped.
void LogToJournal(Message message, absl::string_view text,
                  const JournalFields& fields = {});

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_JOURNAL_H_
