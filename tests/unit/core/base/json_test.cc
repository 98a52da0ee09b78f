// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/json.h"

#include <gtest/gtest.h>

#include <string>

namespace klpx {
namespace {

const Host kHost = {"web1", "b-o-o-t", "6.12.1",
                    absl::FromUnixMillis(1700000000250), 5000000000};

TEST(JsonTest, TheEnvelopeSaysWhatWhereAndWhen) {
  const Json json = Envelope("klp.test/v1", kHost);
  EXPECT_EQ(json["schema"], "klp.test/v1");
  EXPECT_EQ(json["host"], "web1");
  EXPECT_EQ(json["boot_id"], "b-o-o-t");
  EXPECT_EQ(json["kernel"], "6.12.1");
  EXPECT_EQ(json["time"], "2023-11-14T22:13:20+00:00");
  EXPECT_EQ(json["monotonic_ns"], 5000000000);
}

// People read the first lines of a document.
TEST(JsonTest, TheSchemaComesFirst) {
  EXPECT_EQ(Envelope("klp.test/v1", kHost).begin().key(), "schema");
}

TEST(JsonTest, WhatIsNotKnownIsNull) {
  EXPECT_TRUE(Envelope("klp.test/v1", {})["boot_id"].is_null());
  EXPECT_TRUE(OrNull(std::optional<uint64_t>()).is_null());
  EXPECT_TRUE(TextOrNull("").is_null());
}

TEST(JsonTest, WhatIsKnownIsNotNull) {
  EXPECT_EQ(OrNull(std::optional<uint64_t>(0)), 0);
  EXPECT_EQ(OrNull(std::optional<uint64_t>(UINT64_MAX)), UINT64_MAX);
  EXPECT_EQ(OrNull(std::optional<bool>(false)), false);
  EXPECT_EQ(TextOrNull("0"), "0");
}

TEST(JsonTest, WhatIsNoUtf8IsReplaced) {
  Json json;
  json["text"] = "a\xff\xfe\x80z";
  for (const std::string& text : {Dump(json), DumpLine(json)}) {
    const Json read = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    ASSERT_FALSE(read.is_discarded()) << text;
    const std::string value = read["text"];
    EXPECT_EQ(value.front(), 'a');
    EXPECT_EQ(value.back(), 'z');
  }
}

// Bytes of a name reach a terminal as text.
TEST(JsonTest, IsPrintableAscii) {
  Json json;
  json["text"] = "\033[2J\n\x7f\xc3\xa4";
  const std::string line = DumpLine(json);
  EXPECT_EQ(line.find('\033'), std::string::npos);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  for (const char c : line) EXPECT_GE(c, 0) << line;
}

TEST(JsonTest, ALineIsOneLineAndADocumentIsIndented) {
  Json json;
  json["list"] = {1, 2};
  EXPECT_EQ(DumpLine(json), "{\"list\":[1,2]}\n");
  EXPECT_EQ(Dump(json), "{\n  \"list\": [\n    1,\n    2\n  ]\n}\n");
}

}  // namespace
}  // namespace klpx
