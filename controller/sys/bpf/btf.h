// SPDX-License-Identifier: GPL-2.0
// BTF of a kernel, a module or a patch file, as prototypes and layouts. Takes
// bytes and returns facts; the only code that reads BTF, by libbpf.
#ifndef KLPX_CONTROLLER_SYS_BPF_BTF_H_
#define KLPX_CONTROLLER_SYS_BPF_BTF_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/patch/patch_tables.h"
#include "controller/core/preflight/prototype.h"

struct btf;

namespace klpx {

class Btf {
 public:
  // `base` is the BTF on which split BTF builds; it must outlive this.
  static absl::StatusOr<Btf> Parse(absl::string_view bytes,
                                   const Btf* base = nullptr);

  Btf(Btf&& other) noexcept;
  Btf& operator=(Btf&&) = delete;
  ~Btf();

  // The prototypes of the functions with these names, except those of the base.
  // A name that several functions with different prototypes share has none.
  absl::flat_hash_map<std::string, Prototype> ReadPrototypes(
      const absl::flat_hash_set<std::string>& names) const;

  // The layout of struct klp_patch, klp_object and klp_func in this kernel;
  // nothing if it has no such structures, or none that we can read.
  std::optional<TableLayout> LivepatchLayout() const;

 private:
  Btf(btf* types, uint32_t first) : types_(types), first_(first) {}

  btf* types_;
  uint32_t first_;  // the first type that does not belong to the base
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_BTF_H_
