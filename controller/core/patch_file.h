// SPDX-License-Identifier: GPL-2.0
// What a .ko file says about itself: modinfo, which engine it is for, and what
// it replaces, read from its static data. No kernel is asked here.
#ifndef KLPX_CONTROLLER_CORE_PATCH_FILE_H_
#define KLPX_CONTROLLER_CORE_PATCH_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klpx {

enum class Engine {
  kKlpx,    // imports klpx_enable_patch
  kKernel,  // imports klp_enable_patch: the kernel's own livepatch
  kNone,    // not a patch
};

struct PatchedFunction {
  std::string object;  // "vmlinux" or a module
  std::string name;
  std::string replacement;  // "" if the file has no symbol for it
  uint64_t sympos = 0;      // 0: the name is unique
};

struct PatchFile {
  std::string module;
  std::string version;  // of the patch, else of the module, else ""
  std::string vermagic;
  std::string description;
  std::string license;
  std::vector<std::string> depends;
  std::string build_id;  // raw note, "" if there is none
  Engine engine = Engine::kNone;
  // Empty if the description of the patch is not static data.
  std::vector<PatchedFunction> functions;
};

absl::string_view EngineName(Engine engine);

// kNotAModule for anything that is not a loadable x86-64 module.
absl::StatusOr<PatchFile> ParsePatchFile(std::string bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_FILE_H_
