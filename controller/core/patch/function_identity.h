// SPDX-License-Identifier: GPL-2.0
// Which names are one function. The engines identify functions by address: a
// function can have several names (a system call without arguments is
// __x64_sys_NAME and __do_sys_NAME), and a name can stand for several
// functions. Without addresses (kptr_restrict, no kallsyms) name and position
// decide.
#ifndef KLPX_CONTROLLER_CORE_PATCH_FUNCTION_IDENTITY_H_
#define KLPX_CONTROLLER_CORE_PATCH_FUNCTION_IDENTITY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/patch/patch_description.h"

namespace klpx {

// The body at a position; 0 is the only one. Nothing if its address is not
// known.
std::optional<AddressRange> BodyOf(const FunctionTable& places,
                                   const FunctionKey& key, uint64_t sympos);

// Object, address, name, position. Name and position are set only without an
// address, so that two names of one function are equal. Position 0 is 1 here.
using FunctionIdentity =
    std::tuple<std::string, uint64_t, std::string, uint64_t>;
FunctionIdentity Identify(const FunctionTable& places, const FunctionKey& key,
                          uint64_t sympos);

// All names at the addresses of some functions, by object and address.
using NamesAt = absl::flat_hash_map<std::pair<std::string, uint64_t>,
                                    std::vector<std::string>>;
NamesAt FindNamesAt(absl::string_view kallsyms, const FunctionTable& places);

// The names that a function can have in the lists of ftrace and kprobes, which
// show each address under one name. Its own name comes first.
std::vector<FunctionKey> NamesOf(const PatchedFunction& function,
                                 const FunctionTable& places,
                                 const NamesAt& names_at);

// The names to look for in these lists.
FunctionSet WithOtherNames(const FunctionSet& wanted,
                           const FunctionTable& places,
                           const NamesAt& names_at);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_FUNCTION_IDENTITY_H_
