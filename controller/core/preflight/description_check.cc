// SPDX-License-Identifier: GPL-2.0
// Checks what a patch describes before any kernel is asked.
#include "controller/core/preflight/description_check.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/kernel/function_table.h"

namespace klpx {
namespace {

Finding OnObject(FindingCode code, const std::string& object, std::string found,
                 std::string advice) {
  return {code, object, "", std::move(found), std::move(advice)};
}

// The kernel's own livepatch takes any name, and then waits for that module.
FindingCode NameCode(const PatchFile& file) {
  return file.engine == Engine::kKlpx ? FindingCode::kBadDescription
                                      : FindingCode::kNeverPatched;
}

Finding NoModule(const PatchFile& file, const std::string& object) {
  const std::string found =
      absl::StrCat("object '", object, "': no module is called that");
  char meant[KLPX_PATCH_NAME_LEN];
  klpx_meant_module(object.c_str(), meant);
  return OnObject(NameCode(file), object, found,
                  absl::StrCat("if you mean the file of that name, the module "
                               "is '",
                               meant, "' (kbuild turns '-' into '_')"));
}

void CheckName(const PatchFile& file, const std::string& object,
               Findings& findings) {
  const bool klpx = file.engine == Engine::kKlpx;
  switch (klpx_judge_object_name(object.c_str())) {
    case KLPX_OBJECT_OK:
      break;
    case KLPX_OBJECT_FILE:
      findings.push_back(NoModule(file, object));
      return;
    case KLPX_OBJECT_EMPTY:
    case KLPX_OBJECT_TOO_LONG:
    case KLPX_OBJECT_ODD:
      findings.push_back(OnObject(
          NameCode(file), object,
          absl::StrCat("object '", object, "': no module is called that"), ""));
      return;
    case KLPX_OBJECT_RESERVED:
      if (!klpx) break;
      findings.push_back(OnObject(
          FindingCode::kBadDescription, object,
          absl::StrCat("object '", object,
                       "': every patch has a file of that name in sysfs, so "
                       "klpx.ko cannot patch a module of that name"),
          ""));
      return;
    case KLPX_OBJECT_NO_TARGET:
      // An object without a name is vmlinux: patch_tables.cc rejects one that
      // is called "vmlinux".
      if (object != KLPX_MODULE_NAME || !klpx) return;
      findings.push_back(OnObject(FindingCode::kBadDescription, object,
                                  "klpx.ko cannot patch itself", ""));
      return;
  }
  if (klpx && object == file.module) {
    findings.push_back(OnObject(FindingCode::kBadDescription, object,
                                "the patch names itself as a module to patch",
                                ""));
  }
}

void CheckTwice(const PatchDescription& patch, Findings& findings) {
  std::set<std::string> objects;
  for (const PatchedObject& object : patch.objects) {
    if (objects.insert(object.name).second) continue;
    findings.push_back(OnObject(
        FindingCode::kBadDescription, object.name,
        absl::StrCat("object '", object.name, "' is listed twice"), ""));
  }
  std::set<std::tuple<std::string, std::string, uint64_t>> functions;
  for (const PatchedFunction& function : patch.functions) {
    // 0 means that the name is unique, so it is the same as 1.
    const uint64_t position = std::max<uint64_t>(function.sympos, 1);
    if (functions.emplace(function.object, function.name, position).second) {
      continue;
    }
    findings.push_back(
        {FindingCode::kBadDescription, function.object, function.name,
         absl::StrCat("function '", function.name, "' is listed twice"), ""});
  }
  std::set<uint64_t> states;
  for (const SystemState& state : patch.states) {
    if (states.insert(state.id).second) continue;
    findings.push_back({FindingCode::kBadDescription, "", "",
                        absl::StrCat("state ", state.id, " is listed twice"),
                        ""});
  }
}

// A patch that can never be unloaded must say so (MODULE_INFO), because that is
// its author's decision. A patch made for the kernel's engine has no way to say
// so.
Finding NoExit(const PatchFile& file) {
  const bool known =
      file.is_permanent || file.adopted || file.engine != Engine::kKlpx;
  return {known ? FindingCode::kPermanent : FindingCode::kNoExit, "", "",
          "it has no module_exit(): it can be disabled, but its module stays "
          "until reboot, and no other build of it can be loaded before then",
          known ? ""
                : "add an empty module_exit(), or, if that is intended, "
                  "MODULE_INFO(klpx_permanent, \"Y\")"};
}

}  // namespace

Findings CheckDescription(const PatchFile& file) {
  Findings findings;
  if (file.is_old_layout) {
    findings.push_back({FindingCode::kEngineAbi, "", "",
                        "it was built with an older klpx/livepatch.h",
                        "build it against the klpx.ko that is loaded"});
  }
  if (file.patch) {
    for (const PatchedObject& object : file.patch->objects) {
      CheckName(file, object.name, findings);
    }
    if (file.engine == Engine::kKlpx) CheckTwice(*file.patch, findings);
  }
  if (file.engine != Engine::kNone && !file.has_exit) {
    findings.push_back(NoExit(file));
  }
  return findings;
}

}  // namespace klpx
