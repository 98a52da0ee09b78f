// SPDX-License-Identifier: GPL-2.0
// The struct klpx_patch of a patch file and everything it points at, read from
// the file's static data and relocations. Knows the layout (klpx/abi.h), but
// asks no kernel.
#ifndef KLPX_CONTROLLER_CORE_PATCH_PATCH_DESCRIPTION_H_
#define KLPX_CONTROLLER_CORE_PATCH_PATCH_DESCRIPTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/core/base/machine.h"
#include "controller/core/patch/elf_image.h"

namespace klpx {

struct PatchedFunction {
  std::string object;  // "vmlinux" or a module
  std::string name;
  std::string replacement;  // "" if the file has no symbol for it
  uint64_t sympos = 0;      // 0: the name is unique
};

struct PatchedObject {
  std::string name;                    // "vmlinux" or a module
  std::vector<std::string> callbacks;  // those present
};

struct PatchDescription {
  // The program that made the tables ("kpatch-build", "klp-build") if its code
  // sets `replace` at run time, which then is not known here.
  std::string builder;
  uint32_t version = 0;
  std::string model;  // "tasks", "stop-machine"
  bool replace = false;
  uint32_t replace_set = 0;
  std::vector<PatchedObject> objects;
  std::vector<PatchedFunction> functions;
  std::vector<SystemState> states;
};

// Nothing if there is none, or if the module fills it in when it is loaded.
// kNotAPatch if its contents are invalid.
absl::StatusOr<std::optional<PatchDescription>> ReadDescription(
    const ElfImage& elf);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_PATCH_DESCRIPTION_H_
