// SPDX-License-Identifier: GPL-2.0
#include "controller/core/patch/fnv1a.h"

namespace klpx {
namespace {

constexpr uint64_t kFnvBasis = 0xcbf29ce484222325;
constexpr uint64_t kFnvPrime = 0x100000001b3;

}  // namespace

uint64_t Fnv1a(absl::string_view bytes) {
  uint64_t hash = kFnvBasis;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * kFnvPrime;
  }
  return hash;
}

}  // namespace klpx
