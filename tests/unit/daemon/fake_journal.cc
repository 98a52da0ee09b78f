// SPDX-License-Identifier: GPL-2.0
// Takes the place of controller/daemon/journal.cc.
#include "tests/unit/daemon/fake_journal.h"

namespace klpx {

std::string ToldMessage::Field(const std::string& name) const {
  for (const auto& [field, value] : fields) {
    if (field == name) return value;
  }
  return "";
}

std::vector<ToldMessage>& Told() {
  static auto& told = *new std::vector<ToldMessage>();
  return told;
}

std::vector<Message> ToldKinds() {
  std::vector<Message> kinds;
  for (const ToldMessage& told : Told()) kinds.push_back(told.message);
  return kinds;
}

void Tell(Message message, absl::string_view text,
          const JournalFields& fields) {
  Told().push_back({message, std::string(text), fields});
}

}  // namespace klpx
