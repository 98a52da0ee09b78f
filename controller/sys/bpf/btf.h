// SPDX-License-Identifier: GPL-2.0
// BTF of a kernel, a module or a patch file, as prototypes and layouts. Bytes
// in, facts out; the only reader of BTF, by libbpf.
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
  // The base, which has to live longer, is what split BTF builds on.
  static absl::StatusOr<Btf> Parse(absl::string_view bytes,
                                   const Btf* base = nullptr);

  Btf(Btf&& other) noexcept;
  Btf& operator=(Btf&&) = delete;
  ~Btf();

  // Of the functions of these names, the base's left out; of those that there
  // are several of, with different prototypes, none.
  absl::flat_hash_map<std::string, Prototype> ReadPrototypes(
      const absl::flat_hash_set<std::string>& names) const;

  // The layout of struct klp_patch, klp_object and klp_func of this kernel;
  // nothing if it has none, or none that we can read.
  std::optional<TableLayout> LivepatchLayout() const;

 private:
  Btf(btf* types, uint32_t first) : types_(types), first_(first) {}

  btf* types_;
  uint32_t first_;  // type that is not the base's
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_BTF_H_
