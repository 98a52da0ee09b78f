// SPDX-License-Identifier: GPL-2.0
// The reports of 'list' and 'check'.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "controller/core/report/report.h"
#include "tests/unit/core/report/report_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(ListReportTest, ShowsOnePatchARow) {
  EXPECT_EQ(ListText({Enabling(), LeftOver()}),
            "PATCH  STATE     ORDER  VERSION  FUNCTIONS  PENDING\n"
            "fix    enabling  1      1.0      1          2\n"
            "old    disabled  -      -        0          -\n");
}

TEST(ListReportTest, ShowsColumnsThatTellSomething) {
  PatchState patch = Enabled();
  patch.replace = true;
  patch.replace_set = 3;
  patch.objects[0].functions[0].owner = "other";
  EXPECT_EQ(ListText({patch}),
            "PATCH  STATE    ORDER  VERSION  REPLACE  SET  FUNCTIONS  NEWEST  "
            "PENDING\n"
            "fix    enabled  1      1.0      yes      3    1          0       "
            "0\n");
}

TEST(ListReportTest, ShowsOneFunctionARow) {
  PatchState older = Enabled();
  older.name = "old";
  EXPECT_EQ(FunctionsText({older, Enabling()}),
            "OBJECT   FUNCTION  SYMPOS  PATCH  STATE     BELOW\n"
            "vmlinux  do_open   1       fix    enabling  old\n");
}

TEST(ListReportTest, ShowsFunctionsThatWaitForTheirModule) {
  PatchState patch = Enabled();
  patch.objects = {{"ext4", false, {{"do_open", "1"}}}};
  EXPECT_THAT(FunctionsText({patch}), HasSubstr("fix    no module  -"));
}

TEST(ListReportTest, JsonHasTheFunctions) {
  const auto json = nlohmann::json::parse(ListJson(kHost, {Enabled()}));
  EXPECT_EQ(json["functions"][0]["name"], "do_open");
  EXPECT_EQ(json["functions"][0]["owner"], "fix");
  EXPECT_EQ(json["patches"][0]["functions"], 1);
}

TEST(ListReportTest, FitsItsSchema) {
  EXPECT_THAT(
      SchemaErrors("klp.list", ListJson(kHost, {Enabling(), LeftOver()})),
      IsEmpty());
}

TEST(CheckReportTest, FitsItsSchema) {
  EXPECT_THAT(SchemaErrors("klp.check", CheckJson(kHost, {})), IsEmpty());
  EXPECT_THAT(SchemaErrors("klp.check", CheckJson(kHost, {Enabling()})),
              IsEmpty());
}

TEST(SchemaCheckTest, SeesWhatIsMissingUnknownOrNoJson) {
  EXPECT_THAT(SchemaErrors("klp.check", "{}"), Not(IsEmpty()));
  auto check = nlohmann::json::parse(CheckJson(kHost, {}));
  check["more"] = 1;
  EXPECT_THAT(SchemaErrors("klp.check", check.dump()), SizeIs(1));
  EXPECT_THAT(SchemaErrors("klp.check", "{"), SizeIs(1));
  EXPECT_THAT(SchemaErrors("none", "{}"), Not(IsEmpty()));
}

TEST(ListReportTest, OfNoneIsALineWithoutAHeader) {
  const std::string text = ListText({});
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_THAT(text, Not(HasSubstr("PATCH")));
}

TEST(ListReportTest, TheEngineIsAColumnWhereOneIsAnother) {
  EXPECT_THAT(ListText({Enabled()}), Not(HasSubstr("ENGINE")));
  EXPECT_THAT(ListText({Enabled(), Theirs()}), HasSubstr("ENGINE"));
}

TEST(ListReportTest, AnAdoptedPatchIsMarked) {
  EXPECT_THAT(ListText({Adopted()}), HasSubstr("  klpx (adopted)  "));
  const std::string text = ListJson(kHost, {Adopted(), Enabled()});
  EXPECT_THAT(SchemaErrors("klp.list", text), IsEmpty());
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["patches"][0]["adopted"], true);
  EXPECT_EQ(json["patches"][1]["adopted"], false);
}

TEST(ListReportTest, ForcedTasksAreToldBelow) {
  PatchState patch = Enabled();
  EXPECT_THAT(ListText({patch}), Not(HasSubstr("forced")));
  patch.forces = {{7, true, 1}};
  EXPECT_THAT(ListText({patch}), HasSubstr("\nforced: fix: "));
}

TEST(ListReportTest, NamesCannotDriveTheTerminal) {
  PatchState patch = Enabled();
  patch.name = patch.version = patch.objects[0].name =
      patch.objects[0].functions[0].name = "\033[2J";
  EXPECT_THAT(ListText({patch}), Not(HasSubstr("\033")));
  EXPECT_THAT(FunctionsText({patch}), Not(HasSubstr("\033")));
}

// Two names of one address.
TEST(ListReportTest, WhatAFunctionIsCalledBelowIsAColumn) {
  PatchState older = Enabled();
  older.name = "old";
  older.objects[0].functions[0].name = "do_open_alias";
  FunctionTable places;
  for (const char* name : {"do_open", "do_open_alias"}) {
    places[{"vmlinux", name}] = {{{0x10, 0x20}}, {}, {}};
  }
  EXPECT_THAT(FunctionsText({older, Enabled()}), Not(HasSubstr("ALSO")));
  EXPECT_THAT(FunctionsText({older, Enabled()}, places),
              HasSubstr("do_open_alias\n"));
  const auto json =
      nlohmann::json::parse(ListJson(kHost, {older, Enabled()}, places));
  ASSERT_EQ(json["functions"].size(), 1u);
  EXPECT_EQ(json["functions"][0]["other_names"][0], "do_open_alias");
  EXPECT_EQ(json["functions"][0]["patches"].size(), 2u);
}

TEST(ListReportTest, JsonSaysWhatIsNotKnownWithNull) {
  const auto json = nlohmann::json::parse(ListJson(kHost, {LeftOver()}));
  const auto& patch = json["patches"][0];
  EXPECT_EQ(patch["state"], "disabled");
  EXPECT_TRUE(patch["pending"].is_null());
  EXPECT_TRUE(patch["stack_order"].is_null());
  EXPECT_FALSE(patch.contains("objects")) << "that is for 'status'";
}

TEST(CheckReportTest, NamesWhatMovesAndWhere) {
  const std::string text = CheckText({Enabling(), Theirs()});
  EXPECT_THAT(text, HasSubstr("fix is enabling"));
  EXPECT_THAT(text, HasSubstr("theirs"));
  EXPECT_THAT(CheckText({}), Not(HasSubstr("fix")));
}

TEST(CheckReportTest, JsonIsSettledOrNamesTheFirst) {
  auto json = nlohmann::json::parse(CheckJson(kHost, {}));
  EXPECT_EQ(json["settled"], true);
  EXPECT_TRUE(json["in_transition"].is_null());
  EXPECT_TRUE(json["transitions"].empty());
  json = nlohmann::json::parse(CheckJson(kHost, {Enabling(), Theirs()}));
  EXPECT_EQ(json["settled"], false);
  EXPECT_EQ(json["in_transition"], "fix");
  EXPECT_EQ(json["transitions"][1]["engine"], "kernel");
}

}  // namespace
}  // namespace klpx
