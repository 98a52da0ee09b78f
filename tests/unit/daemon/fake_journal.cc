// SPDX-License-Identifier: GPL-2.0
// Takes the place of controller/daemon/journal.cc.
#include "tests/unit/daemon/fake_journal.h"

namespace klpx {

std::string JournalEntry::Field(const std::string& name) const {
  for (const auto& [field, value] : fields) {
    if (field == name) return value;
  }
  return "";
}

std::vector<JournalEntry>& JournalEntries() {
  static auto& entries = *new std::vector<JournalEntry>();
  return entries;
}

std::vector<Message> JournalKinds() {
  std::vector<Message> kinds;
  for (const JournalEntry& entry : JournalEntries())
    kinds.push_back(entry.message);
  return kinds;
}

void LogToJournal(Message message, absl::string_view text,
                  const JournalFields& fields) {
  JournalEntries().push_back({message, std::string(text), fields});
}

}  // namespace klpx
