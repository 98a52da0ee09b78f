// SPDX-License-Identifier: GPL-2.0
// Every kind of message that the daemon sends to the journal is explained in
// the catalog (for journalctl -x) and in docs/DAEMON.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace klpx {
namespace {

std::string Text(const std::string& path) {
  std::ifstream file(TEST_ROOT "/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::multiset<std::string> Ids(const std::string& text) {
  const std::regex id("[0-9a-f]{32}");
  std::multiset<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), id), end; at != end;
       ++at) {
    found.insert(at->str());
  }
  return found;
}

TEST(CatalogTest, EveryMessageIsExplainedOnce) {
  const auto sent = Ids(Text("controller/daemon/journal.cc"));
  EXPECT_GE(sent.size(), 13U);
  EXPECT_EQ(sent.size(), std::set(sent.begin(), sent.end()).size());
  EXPECT_EQ(Ids(Text("packaging/klpx.catalog")), sent);
  const auto documented = Ids(Text("docs/DAEMON.md"));
  for (const std::string& id : sent) EXPECT_GE(documented.count(id), 1U) << id;
}

}  // namespace
}  // namespace klpx
