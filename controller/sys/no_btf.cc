// SPDX-License-Identifier: GPL-2.0
// What a build without libbpf has in place of its reader of BTF: no BTF can be
// read, so there is never an object to ask.
#include <utility>

#include "controller/core/error.h"
#include "controller/sys/btf.h"

namespace klpx {

absl::StatusOr<Btf> Btf::Parse(absl::string_view, const Btf*) {
  return Error(ErrorKind::kKernelLacks,
               "this klp-controller was built without libbpf");
}

Btf::Btf(Btf&& other) noexcept
    : types_(std::exchange(other.types_, nullptr)), first_(other.first_) {}

Btf::~Btf() = default;

absl::flat_hash_map<std::string, Prototype> Btf::ReadPrototypes(
    const absl::flat_hash_set<std::string>&) const {
  return {};
}

std::optional<TableLayout> Btf::LivepatchLayout() const { return std::nullopt; }

}  // namespace klpx
