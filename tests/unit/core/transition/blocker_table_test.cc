// SPDX-License-Identifier: GPL-2.0
#include "controller/core/transition/blocker_table.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

Json Blocker(int tid, const std::string& comm, const std::string& reason,
             const std::string& function, int age_ms) {
  return {{"tid", tid},
          {"pid", tid},
          {"idle_cpu", nullptr},
          {"comm", comm},
          {"reason", reason},
          {"function", function},
          {"age_ms", age_ms},
          {"cgroup", "/web.slice"},
          {"stack", {"inner+0x5/0x10 [mod]", "outer+0x1/0x2"}}};
}

Json Document() {
  return {{"schema", "klp.blocking/v1"},
          {"patch", "fix"},
          {"blockers",
           {Blocker(1, "nginx", "on-function", "do_open", 500),
            Blocker(2, "cron", "running", "", 9000),
            Blocker(3, "Nginx", "on-function", "do_read", 700)}}};
}

Json PageOf(const BlockerTable& table, const BlockerQuery& query) {
  return Json::parse(table.Page(query));
}

TEST(BlockerTableTest, CountsByReasonFunctionAndProcess) {
  const BlockerTable table(Document());
  const Json& summary = table.summary();
  EXPECT_EQ(summary["total"], 3);
  EXPECT_EQ(summary["oldest_ms"], 9000);
  EXPECT_EQ(summary["reasons"][0]["name"], "on-function");
  EXPECT_EQ(summary["reasons"][0]["count"], 2);
  EXPECT_EQ(summary["functions"].size(), 2u);
  EXPECT_EQ(summary["processes"].size(), 3u);
}

TEST(BlockerTableTest, PagesAreSortedAndFiltered) {
  const BlockerTable table(Document());
  BlockerQuery query;
  query.limit = 1;
  Json page = PageOf(table, query);
  EXPECT_EQ(page["blockers"].size(), 1u);
  EXPECT_EQ(page["blockers"][0]["tid"], 2);
  EXPECT_EQ(page["total"], 3);
  EXPECT_EQ(page["patch"], "fix");
  query.text = "NGINX";
  query.offset = 1;
  page = PageOf(table, query);
  EXPECT_EQ(page["matched"], 2);
  EXPECT_EQ(page["blockers"][0]["tid"], 1);
  query = BlockerQuery();
  query.function = "do_read";
  page = PageOf(table, query);
  ASSERT_EQ(page["blockers"].size(), 1u);
  EXPECT_EQ(page["blockers"][0]["tid"], 3);
  query.reason = "running";
  EXPECT_EQ(PageOf(table, query)["matched"], 0);
}

// The groups are those of 'blocking'.
TEST(BlockerTableTest, ThreadsOfAProcessAreOneGroup) {
  Json document = Document();
  Json& blockers = document["blockers"];
  blockers = Json::array();
  for (int tid = 40; tid < 45; tid++) {
    blockers.push_back(Blocker(tid, absl::StrCat("worker", tid), "on-function",
                               tid == 44 ? "do_read" : "do_open", tid));
    blockers.back()["pid"] = 42;
    blockers.back()["cmdline"] = "/bin/server";
  }
  for (int cpu = 0; cpu < 2; cpu++) {
    blockers.push_back(Blocker(0, "swapper", "idle", "", 1));
    blockers.back()["idle_cpu"] = cpu;
  }
  const BlockerTable table(document);
  BlockerQuery query;
  query.limit = 2;
  const Json page = Json::parse(table.GroupedPage(query));
  EXPECT_EQ(page["matched"], 7);
  EXPECT_EQ(page["rows"], 4) << "idle tasks stay alone";
  ASSERT_EQ(page["groups"].size(), 2u);
  const Json& group = page["groups"][1];
  EXPECT_EQ(group["count"], 4);
  EXPECT_EQ(group["comm"], "worker42") << "as its first thread";
  EXPECT_EQ(group["age_ms"], 43) << "the oldest";
  EXPECT_EQ(group["cmdline"], "/bin/server");
  EXPECT_TRUE(group["tid"].is_null());
  BlockerQuery members;
  members.group = group["key"];
  EXPECT_EQ(PageOf(table, members)["matched"], 4);
  members.group = page["groups"][0]["key"];
  EXPECT_EQ(PageOf(table, members)["blockers"][0]["tid"], 44);
}

TEST(BlockerTableTest, AnOffsetBeyondTheEndIsAnEmptyPage) {
  BlockerQuery query;
  query.offset = 999999999;
  query.limit = 10;
  const Json page = PageOf(BlockerTable(Document()), query);
  EXPECT_TRUE(page["blockers"].empty());
}

TEST(BlockerTableTest, SurvivesFieldsOfAnyType) {
  for (const char* blocker :
       {R"({})", R"({"tid": "x", "comm": 5, "age_ms": -1, "stack": "s"})",
        R"({"tid": -1, "stack": [1, null, {}], "idle_cpu": []})"}) {
    const BlockerTable table(
        Json::parse(absl::StrCat("{\"blockers\": [", blocker, "]}")));
    EXPECT_EQ(table.summary()["total"], 1) << blocker;
    EXPECT_EQ(PageOf(table, {})["matched"], 1) << blocker;
  }
  EXPECT_EQ(BlockerTable(Json(nullptr)).Page({}), "null\n");
}

TEST(BlockerTableTest, ManyNamesBecomeOthers) {
  Json document = {{"blockers", Json::array()}};
  for (int i = 0; i < 100; i++) {
    document["blockers"].push_back(
        Blocker(i, absl::StrCat("task", i), "running", "", 1));
  }
  const BlockerTable table(std::move(document));
  EXPECT_EQ(table.summary()["processes"].size(), kMostGroups + 1);
  EXPECT_EQ(table.summary()["processes"].back()["name"], "(others)");
  EXPECT_EQ(table.summary()["processes"].back()["count"], 100 - kMostGroups);
}

}  // namespace
}  // namespace klpx
