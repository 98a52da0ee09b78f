// SPDX-License-Identifier: GPL-2.0
#include "controller/web/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/sys/proc/linux_kernel.h"
#include "controller/web/assets.h"
#include "tests/unit/schema/schema_check.h"
#include "tests/unit/web/view_files.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() {
    const Host now = kernel_.ReadHost();
    const std::string text = StuckSnapshot(now.boot_id, now.monotonic_ns, 9);
    served_.documents = MakeDocuments(*ParseSnapshot(text), text);
    served_.freshness = Freshness::kFresh;
    served_.history = std::make_shared<const HistoryTexts>(
        served_.documents->snapshot.history);
  }

  Answer Get(const std::string& target, const std::string& tag = "") {
    return AnswerTo({false, target, "", tag}, served_,
                    {kernel_, "0.1.0", "/nonexistent"});
  }

  Json GetJson(const std::string& target) {
    const Answer answer = Get(target);
    EXPECT_EQ(answer.type, "application/json") << target;
    return Json::parse(*answer.body);
  }

  LinuxKernel kernel_;
  ServedState served_;
};

TEST_F(ApiTest, DocumentsAreThoseOfTheVerbs) {
  EXPECT_EQ(GetJson("/api/v1/status")["schema"], "klp.status/v1");
  EXPECT_EQ(GetJson("/api/v1/blocking")["schema"], "klp.blocking/v1");
  EXPECT_EQ(GetJson("/api/v1/history")["schema"], "klp.history/v1");
  EXPECT_EQ(GetJson("/api/v1/snapshot")["schema"], "klp.snapshot.v1");
  EXPECT_EQ(GetJson("/healthz")["snapshot"], "fresh");
  EXPECT_THAT(SchemaErrors("klp.health", *Get("/healthz").body),
              testing::IsEmpty());
}

TEST_F(ApiTest, AMissingDocumentIsAnErrorThatSaysWhy) {
  EXPECT_EQ(Get("/api/v1/list").status, 503);
  EXPECT_THAT(*Get("/api/v1/list").body, HasSubstr("took too long"));
}

TEST_F(ApiTest, HistoryIsCutAndFound) {
  EXPECT_EQ(GetJson("/api/v1/history?limit=1")["transitions"].size(), 1u);
  EXPECT_FALSE(
      GetJson("/api/v1/history?brief=1")["transitions"][0].contains("blocked"));
  const Json one = GetJson("/api/v1/history/2");
  ASSERT_EQ(one["transitions"].size(), 1u);
  EXPECT_EQ(one["transitions"][0]["patch"], "old");
}

TEST_F(ApiTest, BlockersAreServedInGroups) {
  const Json page = GetJson("/api/v1/blocking?grouped=1");
  EXPECT_EQ(page["rows"], 1);
  ASSERT_EQ(page["groups"].size(), 1u);
  const std::string key = page["groups"][0]["key"];
  EXPECT_EQ(GetJson("/api/v1/blocking?group=" + key)["matched"], 1);
  EXPECT_EQ(GetJson("/api/v1/blocking?group=none")["matched"], 0);
}

TEST_F(ApiTest, WrongRequestsAreRefused) {
  struct {
    const char* target;
    int status;
  } const kCases[] = {
      {"/nothing", 404},
      {"/api/v1/", 404},
      {"/api/v1/history/9", 404},
      {"/api/v1/history/x", 404},
      {"/api/v1/history/-1", 404},
      {"/api/v1/history/99999999999999999999", 404},
      {"/api/v1/blocking?limit=0", 400},
      {"/api/v1/blocking?offset=a", 400},
      {"/api/v1/history?limit=-1", 400},
      {"/api/v1/blocking?grouped=x", 400},
      {"/../etc/passwd", 400},
      {"/%", 400},
      {"*", 400},
  };
  for (const auto& [target, status] : kCases) {
    EXPECT_EQ(Get(target).status, status) << target;
    EXPECT_EQ(GetJson(target)["schema"], "klp.error/v1") << target;
  }
}

TEST_F(ApiTest, WithoutASnapshotEverythingSaysSo) {
  served_ = ServedState();
  served_.error = "no such file";
  for (const char* target :
       {"/api/v1/status", "/api/v1/blocking", "/api/v1/blocking?q=x",
        "/api/v1/snapshot", "/api/v1/history", "/healthz"}) {
    EXPECT_EQ(Get(target).status, 503) << target;
  }
  EXPECT_THAT(*Get("/metrics").body, HasSubstr("klp_up 0\n"));
  EXPECT_EQ(Get("/").status, 200);
}

TEST_F(ApiTest, AStaleSnapshotIsServedAndNamed) {
  served_.freshness = Freshness::kStale;
  EXPECT_EQ(Get("/healthz").status, 503);
  const Answer answer = Get("/api/v1/status");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(HeaderText(answer, true), HasSubstr("X-Klpx-Snapshot: stale"));
  EXPECT_THAT(HeaderText(answer, true), HasSubstr("X-Klpx-Snapshot-Age: "));
}

TEST_F(ApiTest, EveryAnswerForbidsWhatThePageDoesNotNeed) {
  for (const char* target : {"/", "/api/v1/status", "/metrics", "/nothing",
                             "/api/v1/events", "/app.js"}) {
    const std::string head = HeaderText(Get(target), true);
    EXPECT_THAT(head, HasSubstr("Content-Security-Policy: default-src 'none'"));
    EXPECT_THAT(head, HasSubstr("X-Content-Type-Options: nosniff"));
    EXPECT_THAT(head, HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(head.find("unsafe"), std::string::npos);
    EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
  }
}

TEST_F(ApiTest, ThePageAsksForNothingFromOutside) {
  EXPECT_GE(Assets().size(), 5u);
  for (const Asset& asset : Assets()) {
    if (asset.path == "/licences.txt") continue;
    std::string text(asset.contents);
    const std::string svg = "http://www.w3.org/";
    for (size_t at = text.find(svg); at != std::string::npos;
         at = text.find(svg)) {
      text.erase(at, svg.size());
    }
    EXPECT_EQ(text.find("http://"), std::string::npos) << asset.path;
    EXPECT_EQ(text.find("https://"), std::string::npos) << asset.path;
    EXPECT_EQ(text.find("eval("), std::string::npos) << asset.path;
  }
}

TEST_F(ApiTest, AssetsAreRevalidated) {
  const Answer first = Get("/app.js");
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(first.headers[1].first, "ETag");
  const Answer again = Get("/app.js", first.headers[1].second);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, nullptr);
}

}  // namespace
}  // namespace klpx
