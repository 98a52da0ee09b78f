// SPDX-License-Identifier: GPL-2.0
// What a patch for the kernel's own livepatch replaces. The formats of the two
// builders belong to the module, not to the kernel that it is for:
// kpatch-build: kmod/patch/kpatch-patch.h; klp-build:
// include/linux/livepatch_external.h of Linux 6.19.
#include "controller/core/patch/livepatch_tables.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace klpx {
namespace {

constexpr absl::string_view kKpatchFuncs = ".kpatch.funcs";
// struct kpatch_patch_func
constexpr uint64_t kKpatchNew = 0;
constexpr uint64_t kKpatchSympos = 32;
constexpr uint64_t kKpatchName = 40;
constexpr uint64_t kKpatchObject = 48;
constexpr uint64_t kKpatchSize = 56;

// The first name is used by 6.19, the second one by later kernels.
constexpr absl::string_view kKlpObjects[] = {"__klp_objects",
                                             ".init.klp_objects"};
// struct klp_object_ext
constexpr uint64_t kObjectFuncs = 8;
constexpr uint64_t kObjectCallbacksAt = 16;
constexpr uint64_t kObjectCount = 56;  // u32
constexpr uint64_t kObjectSize = 64;
// struct klp_func_ext
constexpr uint64_t kFuncNew = 8;
constexpr uint64_t kFuncSympos = 16;
constexpr uint64_t kFuncSize = 24;

std::optional<uint32_t> IndexOf(const ElfImage& elf, absl::string_view name) {
  const auto& sections = elf.sections();
  for (uint32_t i = 0; i < sections.size(); i++) {
    if (sections[i].name == name && !sections[i].data.empty()) return i;
  }
  return std::nullopt;
}

void AddObject(const std::string& object, PatchDescription& patch) {
  for (const PatchedObject& known : patch.objects) {
    if (known.name == object) return;
  }
  patch.objects.push_back({object, {}});
}

absl::StatusOr<PatchDescription> ReadKpatch(const ElfImage& elf,
                                            uint32_t section) {
  const uint64_t bytes = elf.sections()[section].data.size();
  if (bytes % kKpatchSize != 0) {
    return BrokenTable(kKpatchFuncs, bytes,
                       " bytes are not a whole number of entries");
  }
  std::map<std::string, size_t> counts;  // by object
  PatchDescription patch;
  patch.builder = "kpatch-build";
  patch.model = "tasks";
  for (uint64_t at = 0; at < bytes; at += kKpatchSize) {
    const ElfAddress entry = {section, at};
    const auto name = NameBehind(elf, At(entry, kKpatchName));
    const auto object = ObjectNameBehind(elf, At(entry, kKpatchObject));
    if (!name || !object) {
      return BrokenTable(kKpatchFuncs, "entry ", at / kKpatchSize,
                         " lacks the name of its function or object");
    }
    const absl::Status fits =
        CheckCount(elf, kKpatchFuncs, *object, ++counts[*object],
                   patch.functions.size() + 1);
    if (!fits.ok()) return fits;
    AddObject(*object, patch);
    patch.functions.push_back(
        {*object, *name, CodeBehind(elf, At(entry, kKpatchNew)),
         elf.NumberAt<uint64_t>(At(entry, kKpatchSympos)).value_or(0)});
  }
  return patch;
}

absl::Status ReadKlpFunctions(const ElfImage& elf, absl::string_view type,
                              ElfAddress object, const std::string& name,
                              PatchDescription& patch) {
  const uint32_t count =
      elf.NumberAt<uint32_t>(At(object, kObjectCount)).value_or(0);
  const auto table = DataBehind(elf, At(object, kObjectFuncs));
  if (!table) {
    return BrokenTable(type, "object '", name, "' has no functions");
  }
  const absl::Status fits =
      CheckCount(elf, type, name, count, patch.functions.size() + count);
  if (!fits.ok()) return fits;
  for (uint32_t i = 0; i < count; i++) {
    const ElfAddress entry = At(*table, i * kFuncSize);
    const auto function = NameBehind(elf, entry);
    const auto sympos = elf.NumberAt<uint64_t>(At(entry, kFuncSympos));
    if (!function || !sympos) {
      return BrokenTable(type, "function ", i, " of object '", name,
                         "' has no name");
    }
    patch.functions.push_back(
        {name, *function, CodeBehind(elf, At(entry, kFuncNew)), *sympos});
  }
  return absl::OkStatus();
}

absl::StatusOr<PatchDescription> ReadKlpBuild(const ElfImage& elf,
                                              uint32_t section) {
  const absl::string_view type = elf.sections()[section].name;
  const uint64_t bytes = elf.sections()[section].data.size();
  if (bytes % kObjectSize != 0 || bytes / kObjectSize > kMaxObjects) {
    return BrokenTable(type, bytes, " bytes are not a whole number of objects");
  }
  PatchDescription patch;
  patch.builder = "klp-build";
  patch.model = "tasks";
  for (uint64_t at = 0; at < bytes; at += kObjectSize) {
    const ElfAddress object = {section, at};
    const auto name = ObjectNameBehind(elf, object);
    if (elf.HasPointerAt(object) && !name) {
      return BrokenTable(type, "object ", at / kObjectSize,
                         " has a name that is not a module's");
    }
    const std::string object_name = name.value_or("vmlinux");
    patch.objects.push_back(
        {object_name,
         CallbacksAt(elf, At(object, kObjectCallbacksAt), kObjectCallbacks)});
    const absl::Status status =
        ReadKlpFunctions(elf, type, object, object_name, patch);
    if (!status.ok()) return status;
  }
  return patch;
}

absl::StatusOr<std::optional<PatchDescription>> ReadStatic(
    const ElfImage& elf, const TableLayout& layout) {
  absl::Status first_error;
  for (const ElfAddress place : FindPatches(elf, layout)) {
    PatchDescription patch;
    patch.model = "tasks";
    patch.replace =
        elf.NumberAt<uint8_t>(At(place, layout.patch_replace)).value_or(0) != 0;
    const absl::Status status = ReadTables(elf, layout, place, patch);
    if (status.ok()) return patch;
    first_error.Update(status);
  }
  if (!first_error.ok()) return first_error;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::optional<PatchDescription>> ReadLivepatch(
    const ElfImage& elf, const std::optional<TableLayout>& layout) {
  if (const auto section = IndexOf(elf, kKpatchFuncs)) {
    return ReadKpatch(elf, *section);
  }
  for (const absl::string_view name : kKlpObjects) {
    if (const auto section = IndexOf(elf, name)) {
      return ReadKlpBuild(elf, *section);
    }
  }
  if (!layout) return std::nullopt;
  return ReadStatic(elf, *layout);
}

}  // namespace klpx
