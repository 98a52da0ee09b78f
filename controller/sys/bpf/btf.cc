// SPDX-License-Identifier: GPL-2.0
// BTF by libbpf, which checks the bytes when it parses them. Types may still
// form circles, so every walk through them is bounded in depth.
#include "controller/sys/bpf/btf.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/error.h"
#include "controller/sys/bpf/bpf_error.h"

namespace klpx {
namespace {

constexpr int kMaxDepth = 16;
// The limit for one function, its result and all its arguments.
constexpr int kMaxTypes = 10000;
constexpr int kMaxParameters = 64;
// KSYM_NAME_LEN. A file may refer to one long name in thousands of places.
constexpr size_t kMaxNameBytes = 512;
// The limit for all functions that are read at once.
constexpr size_t kMaxBytes = size_t{64} << 20;

absl::string_view NameOf(const btf* types, uint32_t offset) {
  const char* name = btf__name_by_offset(types, offset);
  if (name == nullptr) return "";
  return absl::string_view(name, strnlen(name, kMaxNameBytes));
}

// Skips typedefs and qualifiers: the type that is really passed.
uint32_t Strip(const btf* types, uint32_t id) {
  for (int depth = 0; depth < kMaxDepth; depth++) {
    const btf_type* type = btf__type_by_id(types, id);
    if (type == nullptr ||
        !(btf_is_mod(type) || btf_is_typedef(type) || btf_is_type_tag(type))) {
      return id;
    }
    id = type->type;
  }
  return id;
}

// A walk through types that ends however they are nested.
struct Walk {
  const btf* types;
  int left = kMaxTypes;
};

std::string KeyOf(Walk& walk, uint32_t id, bool by_value, int depth);

std::string MembersKey(Walk& walk, const btf_type* type, int depth) {
  std::vector<std::string> members;
  const btf_member* member = btf_members(type);
  for (uint16_t i = 0; i < btf_vlen(type); i++) {
    members.push_back(absl::StrCat(
        btf_member_bit_offset(type, i), ":", btf_member_bitfield_size(type, i),
        KeyOf(walk, member[i].type, /*by_value=*/true, depth + 1)));
  }
  return absl::StrJoin(members, ",");
}

// The key of a structure: its name if it is behind a pointer, its whole layout
// if it is passed by value. A declared structure is the same as the defined one
// of that name.
std::string AggregateKey(Walk& walk, const btf_type* type, bool by_value,
                         int depth) {
  const absl::string_view name = NameOf(walk.types, type->name_off);
  const bool is_union =
      btf_is_union(type) || (btf_is_fwd(type) && btf_kflag(type));
  const std::string key = absl::StrCat(is_union ? "union " : "struct ", name);
  if (btf_is_fwd(type) || (!by_value && !name.empty())) return key;
  return absl::StrCat(key, "#", type->size, "{", MembersKey(walk, type, depth),
                      "}");
}

std::string FunctionKeyOf(Walk& walk, const btf_type* type, int depth) {
  std::vector<std::string> parameters;
  const btf_param* parameter = btf_params(type);
  for (uint16_t i = 0; i < btf_vlen(type); i++) {
    parameters.push_back(
        KeyOf(walk, parameter[i].type, /*by_value=*/false, depth + 1));
  }
  return absl::StrCat("function(", absl::StrJoin(parameters, ","), ")",
                      KeyOf(walk, type->type, /*by_value=*/false, depth + 1));
}

std::string KeyOf(Walk& walk, uint32_t id, bool by_value, int depth) {
  const uint32_t stripped = Strip(walk.types, id);
  if (stripped == 0) return "void";
  const btf_type* type = btf__type_by_id(walk.types, stripped);
  if (type == nullptr || depth > kMaxDepth || walk.left-- <= 0) return "?";
  if (btf_is_ptr(type)) {
    return absl::StrCat("*",
                        KeyOf(walk, type->type, /*by_value=*/false, depth + 1));
  }
  if (btf_is_int(type)) {
    return absl::StrCat("int", type->size, ":", btf_int_encoding(type));
  }
  if (btf_is_any_enum(type)) {
    return absl::StrCat("enum ", NameOf(walk.types, type->name_off));
  }
  if (btf_is_float(type)) return absl::StrCat("float", type->size);
  if (btf_is_array(type)) {
    const struct btf_array* array = btf_array(type);
    return absl::StrCat("[", array->nelems, "]",
                        KeyOf(walk, array->type, by_value, depth + 1));
  }
  if (btf_is_composite(type) || btf_is_fwd(type)) {
    return AggregateKey(walk, type, by_value, depth);
  }
  if (btf_is_func_proto(type)) return FunctionKeyOf(walk, type, depth);
  return "?";
}

CType Declaration(Walk& walk, uint32_t id, int depth);

std::string ParameterList(Walk& walk, const btf_type* proto, int depth) {
  std::vector<std::string> parameters;
  const btf_param* parameter = btf_params(proto);
  for (uint16_t i = 0; i < btf_vlen(proto); i++) {
    const CType type = Declaration(walk, parameter[i].type, depth + 1);
    parameters.push_back(
        parameter[i].type == 0 ? "..." : absl::StrCat(type.before, type.after));
  }
  return parameters.empty() ? "void" : absl::StrJoin(parameters, ", ");
}

CType Pointer(Walk& walk, const btf_type* type, int depth) {
  const btf_type* target = btf__type_by_id(walk.types, type->type);
  if (type->type != 0 && target != nullptr && btf_is_func_proto(target)) {
    const CType result = Declaration(walk, target->type, depth + 1);
    return {absl::StrCat(result.before, result.after, " (*"),
            absl::StrCat(")(", ParameterList(walk, target, depth), ")"), ""};
  }
  const CType inner = Declaration(walk, type->type, depth + 1);
  const bool starred = !inner.before.empty() && inner.before.back() == '*';
  return {absl::StrCat(inner.before, starred ? "*" : " *"), inner.after, ""};
}

std::string Qualified(const btf_type* type, const CType& inner) {
  const absl::string_view word = btf_is_const(type)      ? "const"
                                 : btf_is_volatile(type) ? "volatile"
                                                         : "restrict";
  // In C the qualifier of a pointer stands after the '*'.
  const bool pointer = !inner.before.empty() && inner.before.back() == '*';
  return pointer ? absl::StrCat(inner.before, " ", word)
                 : absl::StrCat(word, " ", inner.before);
}

// A type in C, for people; its key is for comparison.
CType Declaration(Walk& walk, uint32_t id, int depth) {
  if (id == 0) return {"void", "", ""};
  const btf_type* type = btf__type_by_id(walk.types, id);
  if (type == nullptr || depth > kMaxDepth || walk.left-- <= 0)
    return {"?", "", ""};
  if (btf_is_ptr(type)) return Pointer(walk, type, depth);
  if (btf_is_type_tag(type)) return Declaration(walk, type->type, depth + 1);
  if (btf_is_mod(type)) {
    const CType inner = Declaration(walk, type->type, depth + 1);
    return {Qualified(type, inner), inner.after, ""};
  }
  if (btf_is_array(type)) {
    const struct btf_array* array = btf_array(type);
    const CType inner = Declaration(walk, array->type, depth + 1);
    return {inner.before, absl::StrCat("[", array->nelems, "]", inner.after),
            ""};
  }
  const absl::string_view name = NameOf(walk.types, type->name_off);
  const absl::string_view kind =
      btf_is_union(type) || (btf_is_fwd(type) && btf_kflag(type)) ? "union "
      : btf_is_struct(type) || btf_is_fwd(type)                   ? "struct "
      : btf_is_any_enum(type)                                     ? "enum "
                                                                  : "";
  return {absl::StrCat(kind, name.empty() ? "(unnamed)" : name), "", ""};
}

CType TypeOf(Walk& walk, uint32_t id) {
  CType type = Declaration(walk, id, 0);
  type.key = KeyOf(walk, id, /*by_value=*/true, 0);
  return type;
}

size_t BytesOf(const CType& type) {
  return type.before.size() + type.after.size() + type.key.size();
}

// Nothing for a prototype beyond the limits, which no compiler generates for a
// kernel function: truncated, it could compare as equal.
std::optional<Prototype> PrototypeOf(const btf* types, const btf_type* proto,
                                     size_t& bytes_left) {
  if (btf_vlen(proto) > kMaxParameters) return std::nullopt;
  Walk walk = {types};
  Prototype prototype;
  prototype.result = TypeOf(walk, proto->type);
  size_t bytes = BytesOf(prototype.result);
  const btf_param* parameter = btf_params(proto);
  for (uint16_t i = 0; i < btf_vlen(proto); i++) {
    if (parameter[i].type == 0) {
      prototype.variadic = true;
      continue;
    }
    prototype.parameters.push_back(
        {std::string(NameOf(types, parameter[i].name_off)),
         TypeOf(walk, parameter[i].type)});
    bytes += BytesOf(prototype.parameters.back().type) + kMaxNameBytes;
  }
  const bool whole = walk.left > 0 && bytes <= bytes_left;
  bytes_left -= std::min(bytes, bytes_left);
  if (!whole) return std::nullopt;
  return prototype;
}

// The offset of a member in bytes; nothing if there is no such member.
std::optional<uint64_t> OffsetOf(const btf* types, const btf_type* structure,
                                 absl::string_view name) {
  const btf_member* member = btf_members(structure);
  for (uint16_t i = 0; i < btf_vlen(structure); i++) {
    if (NameOf(types, member[i].name_off) != name) continue;
    return btf_member_bit_offset(structure, i) / 8;
  }
  return std::nullopt;
}

const btf_type* FindStruct(const btf* types, const char* name) {
  const int id = btf__find_by_name_kind(types, name, BTF_KIND_STRUCT);
  return id < 0 ? nullptr : btf__type_by_id(types, id);
}

}  // namespace

absl::StatusOr<Btf> Btf::Parse(absl::string_view bytes, const Btf* base) {
  const LibbpfLog log;
  btf* types = btf__new_split(bytes.data(), bytes.size(),
                              base == nullptr ? nullptr : base->types_);
  if (types == nullptr) {
    return Error(ErrorKind::kFailure, "not BTF: ", std::strerror(errno));
  }
  return Btf(types, base == nullptr ? 1 : btf__type_cnt(base->types_));
}

Btf::Btf(Btf&& other) noexcept
    : types_(std::exchange(other.types_, nullptr)), first_(other.first_) {}

Btf::~Btf() { btf__free(types_); }

absl::flat_hash_map<std::string, Prototype> Btf::ReadPrototypes(
    const absl::flat_hash_set<std::string>& names) const {
  absl::flat_hash_map<std::string, Prototype> found;
  absl::flat_hash_set<std::string> several;
  size_t bytes_left = kMaxBytes;
  for (uint32_t id = first_; id < btf__type_cnt(types_) && bytes_left > 0;
       id++) {
    const btf_type* type = btf__type_by_id(types_, id);
    if (!btf_is_func(type)) continue;
    const absl::string_view name = NameOf(types_, type->name_off);
    if (!names.contains(name)) continue;
    const btf_type* proto = btf__type_by_id(types_, type->type);
    if (proto == nullptr || !btf_is_func_proto(proto)) continue;
    std::optional<Prototype> prototype = PrototypeOf(types_, proto, bytes_left);
    const auto known = found.find(name);
    if (!prototype) {
      several.emplace(name);
    } else if (known == found.end()) {
      found.emplace(name, *std::move(prototype));
    } else if (Difference(known->second, *prototype)) {
      several.emplace(name);
    }
  }
  for (const std::string& name : several) found.erase(name);
  return found;
}

std::optional<TableLayout> Btf::LivepatchLayout() const {
  const btf_type* patch = FindStruct(types_, "klp_patch");
  const btf_type* object = FindStruct(types_, "klp_object");
  const btf_type* func = FindStruct(types_, "klp_func");
  if (patch == nullptr || object == nullptr || func == nullptr) {
    return std::nullopt;
  }
  const auto objs = OffsetOf(types_, patch, "objs");
  const auto replace = OffsetOf(types_, patch, "replace");
  const auto funcs = OffsetOf(types_, object, "funcs");
  const auto callbacks = OffsetOf(types_, object, "callbacks");
  const auto new_func = OffsetOf(types_, func, "new_func");
  const auto sympos = OffsetOf(types_, func, "old_sympos");
  const bool names_first = OffsetOf(types_, object, "name") == 0 &&
                           OffsetOf(types_, func, "old_name") == 0 &&
                           OffsetOf(types_, patch, "mod") == 0;
  if (!names_first || !objs || !replace || !funcs || !callbacks || !new_func ||
      !sympos) {
    return std::nullopt;
  }
  return TableLayout{"struct klp_patch", *objs,        *replace,  *funcs,
                     *callbacks,         object->size, *new_func, *sympos,
                     func->size};
}

}  // namespace klpx
