// SPDX-License-Identifier: GPL-2.0
// What the daemon tells people: to the journal, with fields that can be looked
// for (docs/DAEMON.md), or where there is none, to stderr.
#ifndef KLPX_CONTROLLER_DAEMON_JOURNAL_H_
#define KLPX_CONTROLLER_DAEMON_JOURNAL_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

// Kinds of messages. Each has a MESSAGE_ID, in the table in journal.cc and in
// packaging/klpx.catalog, which is never given to another kind.
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
  kDutyFailed,
  kGatePassed,
  kGateFailed,
  kGateExpired,
};

// KLPX_... and their values.
using JournalFields = std::vector<std::pair<std::string, std::string>>;

// Never fails: who cannot be told is not told.
void Tell(Message message, absl::string_view text,
          const JournalFields& fields = {});

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_JOURNAL_H_
