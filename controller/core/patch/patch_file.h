// SPDX-License-Identifier: GPL-2.0
// What a .ko file says about itself: modinfo, which engine it is for, and what
// it replaces, read from its static data. No kernel is asked here.
#ifndef KLPX_CONTROLLER_CORE_PATCH_PATCH_FILE_H_
#define KLPX_CONTROLLER_CORE_PATCH_PATCH_FILE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/engine.h"
#include "controller/core/patch/patch_description.h"
#include "controller/core/patch/patch_tables.h"

namespace klpx {

struct PatchFile {
  std::string module;
  std::string version;  // of the patch, else of the module, else ""
  std::string vermagic;
  std::string description;
  std::string license;
  std::vector<std::string> depends;
  std::vector<std::string> imports;  // symbols that it needs to be loaded
  std::string build_id;              // raw note, "" if there is none
  bool is_signed = false;
  std::string btf;       // .BTF, "" if there is none
  std::string btf_base;  // .BTF.base: the base of .BTF, if not the kernel's
  // The engine that it is made for; once that is decided (engine_choice.h), the
  // engine that runs it.
  Engine engine = Engine::kNone;
  bool adopted = false;        // made for the kernel's own, run by klpx
  bool has_exit = false;       // module_exit()
  bool is_permanent = false;   // has none on purpose
  bool is_old_layout = false;  // of an earlier klpx/livepatch.h
  // Nothing if the module fills it in when it is loaded.
  std::optional<PatchDescription> patch;
};

// In hexadecimal; "" if the file has none.
std::string BuildIdOf(const PatchFile& file);

// The name of the loaded module, which the file name need not match.
// kNotAModule as below; works for a patch with a broken description, too.
absl::StatusOr<std::string> ModuleNameOf(std::string bytes);

// kNotAModule for anything that is not a loadable x86-64 module, kNotAPatch for
// a patch with an invalid description. `layout` is that of the kernel's own
// livepatch; without it a static struct klp_patch is not read.
absl::StatusOr<PatchFile> ParsePatchFile(
    std::string bytes,
    const std::optional<TableLayout>& livepatch_layout = std::nullopt);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_PATCH_FILE_H_
