// SPDX-License-Identifier: GPL-2.0
#include "controller/core/patch/function_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr char kKallsyms[] =
    "ffffffff81000000 T __x64_sys_pause\n"
    "ffffffff81000000 T __do_sys_pause\n"
    "ffffffff81000000 d no_function\n"
    "ffffffff81000100 t show\n"
    "ffffffff81000200 t show\n"
    "ffffffffc0000000 t show\t[ext4]\n";

const FunctionKey kPause("vmlinux", "__x64_sys_pause");
const FunctionKey kOther("vmlinux", "__do_sys_pause");
const FunctionKey kShow("vmlinux", "show");

TEST(FunctionIdentityTest, NamesOfOneAddressAreOneFunction) {
  const FunctionTable places = FindFunctions(kKallsyms, {kPause, kOther});
  EXPECT_EQ(Identify(places, kPause, 0), Identify(places, kOther, 1));
}

TEST(FunctionIdentityTest, TwoPositionsOfOneNameAreTwoFunctions) {
  const FunctionTable places = FindFunctions(kKallsyms, {kShow});
  EXPECT_NE(Identify(places, kShow, 1), Identify(places, kShow, 2));
  EXPECT_FALSE(BodyOf(places, kShow, 0).has_value());
  EXPECT_FALSE(BodyOf(places, kShow, 3).has_value());
  EXPECT_EQ(BodyOf(places, kShow, 2)->start, 0xffffffff81000200u);
}

TEST(FunctionIdentityTest, WithoutAddressesNamesDecide) {
  const FunctionTable hidden = FindFunctions(
      "0000000000000000 T __x64_sys_pause\n"
      "0000000000000000 T __do_sys_pause\n",
      {kPause, kOther});
  EXPECT_NE(Identify(hidden, kPause, 0), Identify(hidden, kOther, 0));
  EXPECT_EQ(Identify(hidden, kPause, 0), Identify({}, kPause, 1));
}

TEST(FunctionIdentityTest, FindsTheOtherNamesOfAFunction) {
  const FunctionTable places = FindFunctions(kKallsyms, {kPause, kShow});
  const NamesAt names_at = FindNamesAt(kKallsyms, places);
  EXPECT_THAT(NamesOf({"vmlinux", "__x64_sys_pause", "", 0}, places, names_at),
              ElementsAre(kPause, kOther));
  EXPECT_THAT(WithOtherNames({kPause, kShow}, places, names_at),
              UnorderedElementsAre(kPause, kOther, kShow));
}

}  // namespace
}  // namespace klpx
