// SPDX-License-Identifier: GPL-2.0
// The daemon's messages.
#include "controller/daemon/journal.h"

#include <sys/uio.h>
#include <syslog.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "controller/core/base/text.h"

// Keeps libsystemd from naming this file as the source of every message.
#define SD_JOURNAL_SUPPRESS_LOCATION
extern "C" {
#include <systemd/sd-journal.h>
#include <unistd.h>
}

namespace klpx {
namespace {

constexpr char kJournalSocket[] = "/run/systemd/journal/socket";

struct MessageRow {
  Message message;
  const char* id;
  int priority;  // of syslog(3)
};

constexpr MessageRow kMessages[] = {
    {Message::kStarted, "1f7a79e6f99948f5b462a13684356604", LOG_INFO},
    {Message::kStopped, "f912825d900549e483fd0cccd33b0fb2", LOG_INFO},
    {Message::kTransitionStarted, "bcfb3540cf5f41ae8f1b97679b5e41ab", LOG_INFO},
    {Message::kTransitionFound, "7a45ad8dbefd4ea28f9015bf8b45220d", LOG_INFO},
    {Message::kTransitionReversed, "5b34fa1acb5e436bbce840a11447d3b7",
     LOG_NOTICE},
    {Message::kTransitionForced, "3ab6cb67e1c5479d9f92b9dc886ab4b9",
     LOG_WARNING},
    {Message::kTransitionEnded, "aba2630f24584440801095d4f12f274a", LOG_INFO},
    {Message::kDeadline, "8f59b2aee6934b63ba3287bc76ea1c7f", LOG_WARNING},
    {Message::kDeadlineLeft, "51c9242d49624f2293fc714339647d3f", LOG_WARNING},
    {Message::kReversalStalled, "785824a4d3ca4446ab86786b808769e8", LOG_ERR},
    {Message::kPolicyApplied, "2349244e99ef463781c3d19d173e7114", LOG_INFO},
    {Message::kPolicyRefused, "b3249f0499904d3b8119d0fe95c4f4d6", LOG_ERR},
    {Message::kJobFailed, "6baca47503fc41f38760bfa3d1a4911c", LOG_ERR},
    {Message::kHealthCheckPassed, "880ffbf6778544efa5d8da4a9e414aba", LOG_INFO},
    {Message::kHealthCheckFailed, "9b8f4a5a57684ce3a69377eba259ddfd", LOG_ERR},
    {Message::kHealthCheckExpired, "d9b1cdebd07441f19e1fd15217340546",
     LOG_WARNING},
};

const MessageRow& RowOf(Message message) {
  return kMessages[static_cast<size_t>(message)];
}

bool SendToJournal(const MessageRow& row, absl::string_view text,
                   const JournalFields& fields) {
  std::vector<std::string> lines = {absl::StrCat("MESSAGE=", text),
                                    absl::StrCat("MESSAGE_ID=", row.id),
                                    absl::StrCat("PRIORITY=", row.priority),
                                    "SYSLOG_IDENTIFIER=klp-controller"};
  for (const auto& [name, value] : fields) {
    lines.push_back(absl::StrCat(name, "=", value));
  }
  std::vector<iovec> parts;
  for (std::string& line : lines) parts.push_back({line.data(), line.size()});
  return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace

void LogToJournal(Message message, absl::string_view text,
                  const JournalFields& fields) {
  const MessageRow& row = RowOf(message);
  if (access(kJournalSocket, W_OK) == 0 && SendToJournal(row, text, fields)) {
    return;
  }
  // On stderr each line is one record, and starts with its priority
  // (sd-daemon(3)).
  std::cerr << "<" << row.priority << ">"
            << Printable(absl::StrReplaceAll(text, {{"\n", "; "}})) << "\n"
            << std::flush;
}

}  // namespace klpx
