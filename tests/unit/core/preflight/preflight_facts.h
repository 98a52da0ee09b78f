// SPDX-License-Identifier: GPL-2.0
// A patch of one function and a kernel that it fits: the common start of the
// tests of preflight and of function users.
#ifndef KLPX_TESTS_UNIT_CORE_PREFLIGHT_PREFLIGHT_FACTS_H_
#define KLPX_TESTS_UNIT_CORE_PREFLIGHT_PREFLIGHT_FACTS_H_

#include <gtest/gtest.h>

#include <string>

#include "controller/core/preflight/function_users.h"
#include "controller/core/preflight/preflight.h"

namespace klpx {

class PreflightFacts : public testing::Test {
 protected:
  PreflightFacts() {
    file_.module = "fix";
    file_.vermagic = "6.12.1 SMP mod_unload ";
    file_.engine = Engine::kKlpx;
    file_.patch.emplace();
    file_.patch->objects = {{"vmlinux", {}}};
    file_.patch->functions = {{"vmlinux", "do_open", "new_open", 0}};
    facts_.symbols.emplace();
    for (const FunctionKey& key : WantedSymbols(file_)) {
      (*facts_.symbols)[key] = 1;
    }
    facts_.traceable = {kOpen};
  }

  absl::Status Functions() const {
    Findings findings = CheckFunctions(file_, facts_);
    Append(CheckFunctionUsers(file_, facts_), findings);
    return FirstFatal(findings);
  }

  absl::Status File(absl::string_view release) const {
    return FirstFatal(CheckFile(file_, release, facts_));
  }

  static PatchState Patching(const std::string& name, const FunctionKey& key) {
    PatchState patch;
    patch.name = name;
    patch.objects = {{key.first, true, {{key.second, "1"}}}};
    return patch;
  }

  // As on x86-64, do_open is only one of the names of its address.
  void WithAlias(const std::string& alias) {
    const FunctionKey other(kVmlinux, alias);
    facts_.places[kOpen].bodies = {{0x1000, 0x1100}};
    facts_.places[other].bodies = {{0x1000, 0x1100}};
    facts_.names_at[{"vmlinux", 0x1000}] = {"do_open", alias};
  }

  // Makes the function one of a module.
  void InModule() {
    file_.patch->objects = {{"ext4", {}}};
    file_.patch->functions[0].object = "ext4";
  }

  const FunctionKey kOpen{"vmlinux", "do_open"};
  const FunctionKey kExt4{"ext4", "do_open"};
  PatchFile file_;
  KernelFacts facts_;
};

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_CORE_PREFLIGHT_PREFLIGHT_FACTS_H_
