// SPDX-License-Identifier: GPL-2.0
// What a patch for the kernel's own livepatch replaces, however it was built:
// by hand (a static struct klp_patch), by kpatch-build or by klp-build.
#ifndef KLPX_CONTROLLER_CORE_PATCH_LIVEPATCH_TABLES_H_
#define KLPX_CONTROLLER_CORE_PATCH_LIVEPATCH_TABLES_H_

#include <optional>

#include "absl/status/statusor.h"
#include "controller/core/patch/elf_image.h"
#include "controller/core/patch/patch_description.h"
#include "controller/core/patch/patch_tables.h"

namespace klpx {

// Nothing if it cannot be read: it is filled in when the module is loaded, or
// it is a struct klp_patch of unknown layout (which changes between kernel
// versions; the kernel's BTF has it). kNotAPatch if its contents are invalid.
absl::StatusOr<std::optional<PatchDescription>> ReadLivepatch(
    const ElfImage& elf, const std::optional<TableLayout>& layout);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_LIVEPATCH_TABLES_H_
