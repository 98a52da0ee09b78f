// SPDX-License-Identifier: GPL-2.0
// What kpatch(1) has installed, and what of it is taken.
#include "controller/ops/boot/import_kpatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "controller/core/base/error.h"
#include "controller/core/base/exit_codes.h"
#include "controller/core/base/json.h"
#include "controller/ops/boot/accepted_store.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

constexpr char kInstalled[] = "/var/lib/kpatch/6.12.0-test/test_fix.ko";

class ImportKpatchTest : public testing::Test, protected CommandTest {
 protected:
  ImportKpatchTest() {
    context.boot.state_dir = dir_ + "/state";
    context.console.style.json = true;
    kernel.files[kInstalled] = kernel.files[kFile];
  }
  int Import(bool take) {
    out.str("");
    const absl::StatusOr<int> code =
        ImportKpatch(context.boot, context.console, "", take);
    EXPECT_TRUE(code.ok()) << code.status();
    const std::string list =
        context.boot.state_dir + "/accepted/6.12.0-test/list.json";
    if (std::filesystem::exists(list)) kernel.files[list] = "";
    return code.value_or(-1);
  }

  // The result in the only row.
  std::string Result() {
    const Json json = Json::parse(out.str());
    EXPECT_EQ(json["patches"].size(), 1u) << json;
    return json["patches"][0]["result"].get<std::string>();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(ImportKpatchTest, SaysWhatCouldBeTakenAndTakesNothing) {
  EXPECT_EQ(Import(/*take=*/false), 0);
  EXPECT_EQ(Result(), "importable");
  EXPECT_FALSE(IsAccepted(context.boot, kName));
}

TEST_F(ImportKpatchTest, TakesItIfToldTo) {
  EXPECT_EQ(Import(/*take=*/true), 0);
  EXPECT_EQ(Result(), "accepted");
  EXPECT_TRUE(IsAccepted(context.boot, kName));
}

TEST_F(ImportKpatchTest, OnceMoreChangesNothing) {
  Import(/*take=*/true);
  EXPECT_EQ(Import(/*take=*/true), 0);
  EXPECT_EQ(Result(), "unchanged");
}

TEST_F(ImportKpatchTest, AFileThatOthersCanWriteIsRefused) {
  kernel.untrusted = {kInstalled};
  EXPECT_EQ(Import(/*take=*/true), RowOf(ErrorKind::kRefused).exit_code);
  EXPECT_EQ(Result(), "refused");
  EXPECT_FALSE(IsAccepted(context.boot, kName));
}

TEST_F(ImportKpatchTest, AModuleThatIsNoPatchIsRefused) {
  kernel.files[kInstalled] = ReadTestFile(TEST_MODULE_NONE);
  EXPECT_EQ(Import(/*take=*/true), RowOf(ErrorKind::kRefused).exit_code);
  EXPECT_EQ(Result(), "refused");
}

TEST_F(ImportKpatchTest, AFileThatIsCutOffIsRefused) {
  kernel.files[kInstalled].resize(kernel.files[kInstalled].size() / 2);
  EXPECT_EQ(Import(/*take=*/true), RowOf(ErrorKind::kRefused).exit_code);
  EXPECT_EQ(Result(), "refused");
}

TEST_F(ImportKpatchTest, OneThatIsRefusedKeepsNoOtherOut) {
  kernel.files["/var/lib/kpatch/6.12.0-test/a.ko"] = "nothing";
  EXPECT_EQ(Import(/*take=*/true), RowOf(ErrorKind::kRefused).exit_code);
  EXPECT_TRUE(IsAccepted(context.boot, kName));
}

TEST_F(ImportKpatchTest, OtherFilesAreLeftAlone) {
  kernel.files["/var/lib/kpatch/6.12.0-test/README"] = "x";
  EXPECT_EQ(Import(/*take=*/false), 0);
  EXPECT_EQ(Result(), "importable");
}

TEST_F(ImportKpatchTest, WithoutKpatchThereIsNothingToImport) {
  kernel.files.erase(kInstalled);
  EXPECT_EQ(
      KindOf(ImportKpatch(context.boot, context.console, "", false).status()),
      ErrorKind::kNoSuchPatch);
}

TEST_F(ImportKpatchTest, WarnsThatKpatchLoadsThemToo) {
  constexpr char kUnit[] =
      "/etc/systemd/system/multi-user.target.wants/kpatch.service";
  EXPECT_EQ(KpatchConflict(kernel), "");
  kernel.files[kUnit] = "";
  EXPECT_THAT(KpatchConflict(kernel), HasSubstr(kUnit));
  context.console.style.json = false;
  EXPECT_EQ(ImportKpatch(context.boot, context.console, "", false).value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("systemctl disable kpatch.service"));
}

}  // namespace
}  // namespace klpx
