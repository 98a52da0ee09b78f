// SPDX-License-Identifier: GPL-2.0
// The types of the running kernel and of a patch file.
#include "controller/ops/kernel/read_types.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

absl::StatusOr<Btf> ReadBtf(Kernel& kernel, absl::string_view object,
                            const Btf* base) {
  const absl::StatusOr<std::string> bytes =
      kernel.ReadFile(absl::StrCat("/sys/kernel/btf/", object));
  if (!bytes.ok()) return bytes.status();
  return Btf::Parse(*bytes, base);
}

std::string Unread(absl::string_view whose, const absl::Status& status) {
  return absl::StrCat("the BTF of ", whose,
                      " cannot be read: ", status.message());
}

void AddOld(const Btf& btf, const std::string& object,
            const absl::flat_hash_set<std::string>& names,
            Prototypes& prototypes) {
  for (auto& [name, prototype] : btf.ReadPrototypes(names)) {
    prototypes.old_ones.emplace(FunctionKey(object, name), prototype);
  }
}

// Adds the prototypes of the file. Its BTF is based on its own base, if it has
// one, else on the kernel's.
void AddNew(const PatchFile& file, const Btf& kernel, Prototypes& prototypes) {
  std::optional<Btf> own_base;
  if (!file.btf_base.empty()) {
    absl::StatusOr<Btf> base = Btf::Parse(file.btf_base);
    if (!base.ok()) {
      prototypes.new_unread = Unread("the file", base.status());
      return;
    }
    own_base.emplace(*std::move(base));
  }
  const absl::StatusOr<Btf> btf =
      Btf::Parse(file.btf, own_base ? &*own_base : &kernel);
  if (!btf.ok()) {
    prototypes.new_unread = Unread("the file", btf.status());
    return;
  }
  absl::flat_hash_set<std::string> names;
  for (const PatchedFunction& function : file.patch->functions) {
    if (!function.replacement.empty()) names.insert(function.replacement);
  }
  prototypes.new_ones = btf->ReadPrototypes(names);
}

}  // namespace

absl::StatusOr<Btf> ReadKernelBtf(Kernel& kernel) {
  return ReadBtf(kernel, kVmlinux, /*base=*/nullptr);
}

Prototypes ReadPrototypes(Kernel& kernel, const PatchFile& file) {
  Prototypes prototypes;
  if (!file.patch) return prototypes;
  if (file.btf.empty()) {
    prototypes.new_unread = "the file has no BTF";
    return prototypes;
  }
  const absl::StatusOr<Btf> base = ReadKernelBtf(kernel);
  if (!base.ok()) {
    prototypes.new_unread = Unread("the kernel", base.status());
    return prototypes;
  }
  std::map<std::string, absl::flat_hash_set<std::string>> wanted;
  for (const PatchedFunction& function : file.patch->functions) {
    wanted[function.object].insert(function.name);
  }
  for (const auto& [object, names] : wanted) {
    if (object == kVmlinux) {
      AddOld(*base, object, names, prototypes);
      continue;
    }
    const absl::StatusOr<Btf> module = ReadBtf(kernel, object, &*base);
    if (module.ok()) {
      AddOld(*module, object, names, prototypes);
    } else {
      prototypes.old_unread[object] = Unread(object, module.status());
    }
  }
  AddNew(file, *base, prototypes);
  return prototypes;
}

}  // namespace klpx
