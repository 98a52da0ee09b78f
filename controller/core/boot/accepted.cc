// SPDX-License-Identifier: GPL-2.0
// The patches that are loaded at boot.
#include "controller/core/boot/accepted.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "controller/core/base/json.h"
#include "controller/core/base/patch_name.h"

namespace klpx {
namespace {

constexpr absl::string_view kSchema = "klp.accepted/v1";

absl::Status Wrong(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

Json PatchToJson(const AcceptedPatch& patch) {
  Json json;
  json["name"] = patch.name;
  json["engine"] = patch.engine;
  json["build_id"] = TextOrNull(patch.build_id);
  json["size"] = patch.size;
  json["fingerprint"] = patch.fingerprint;
  json["sha256"] = TextOrNull(patch.sha256);
  json["set"] = patch.set;
  json["replaces_set"] = OrNull(patch.replaces_set);
  json["accepted"] =
      absl::FormatTime(absl::RFC3339_sec, patch.time, absl::UTCTimeZone());
  json["from"] = patch.from;
  return json;
}

std::string TextIn(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return "";
  return found->get<std::string>();
}

std::optional<uint64_t> NumberIn(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<uint64_t>();
}

absl::StatusOr<AcceptedPatch> PatchFrom(const Json& json) {
  if (!json.is_object()) return Wrong("an entry is not an object");
  AcceptedPatch patch;
  patch.name = TextIn(json, "name");
  // The name is used as a file name.
  if (!IsValidModuleName(patch.name))
    return Wrong("it contains an invalid module name");
  patch.engine = TextIn(json, "engine");
  const std::optional<uint64_t> size = NumberIn(json, "size");
  const std::optional<uint64_t> fingerprint = NumberIn(json, "fingerprint");
  if (!size || !fingerprint)
    return Wrong("an entry lacks the size or fingerprint");
  patch.size = *size;
  patch.fingerprint = *fingerprint;
  patch.build_id = TextIn(json, "build_id");
  patch.sha256 = TextIn(json, "sha256");
  patch.set = NumberIn(json, "set").value_or(0);
  patch.replaces_set = NumberIn(json, "replaces_set");
  patch.from = TextIn(json, "from");
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, TextIn(json, "accepted"),
                       &patch.time, &error)) {
    return Wrong("an entry lacks the time");
  }
  return patch;
}

}  // namespace

std::string AcceptedText(const Host& host, const AcceptedList& list) {
  Json json = Envelope(kSchema, host);
  json["patches"] = Json::array();
  for (const AcceptedPatch& patch : list) {
    json["patches"].push_back(PatchToJson(patch));
  }
  return Dump(json);
}

absl::StatusOr<AcceptedList> ParseAccepted(absl::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr,
                                /*allow_exceptions=*/false);
  if (!json.is_object()) return Wrong("it is truncated, or not JSON");
  if (TextIn(json, "schema") != kSchema)
    return Wrong("it is not klp.accepted/v1");
  const auto patches = json.find("patches");
  if (patches == json.end() || !patches->is_array()) {
    return Wrong("it has no list of patches");
  }
  AcceptedList list;
  for (const Json& element : *patches) {
    const absl::StatusOr<AcceptedPatch> patch = PatchFrom(element);
    if (!patch.ok()) return patch.status();
    if (FindAccepted(list, patch->name) != nullptr) {
      return Wrong(absl::StrCat("it lists ", patch->name, " twice"));
    }
    list.push_back(*patch);
  }
  return list;
}

std::vector<std::string> Accept(AcceptedList& list, const AcceptedPatch& patch,
                                const std::map<std::string, uint64_t>& orders) {
  const auto old = std::find_if(
      list.begin(), list.end(),
      [&](const AcceptedPatch& one) { return one.name == patch.name; });
  if (old != list.end()) {
    *old = patch;
  } else {
    list.push_back(patch);
  }
  std::vector<std::string> dropped;
  std::erase_if(list, [&](const AcceptedPatch& one) {
    const bool replaced = patch.replaces_set && one.name != patch.name &&
                          one.set == *patch.replaces_set &&
                          !orders.contains(one.name);
    if (replaced) dropped.push_back(one.name);
    return replaced;
  });
  // Patches that are not loaded now were below those that are.
  std::stable_sort(list.begin(), list.end(),
                   [&](const AcceptedPatch& a, const AcceptedPatch& b) {
                     const auto in_a = orders.find(a.name);
                     const auto in_b = orders.find(b.name);
                     return (in_a == orders.end() ? 0 : in_a->second) <
                            (in_b == orders.end() ? 0 : in_b->second);
                   });
  return dropped;
}

bool Revoke(AcceptedList& list, absl::string_view name) {
  return std::erase_if(list, [&](const AcceptedPatch& patch) {
           return patch.name == name;
         }) > 0;
}

const AcceptedPatch* FindAccepted(const AcceptedList& list,
                                  absl::string_view name) {
  for (const AcceptedPatch& patch : list) {
    if (patch.name == name) return &patch;
  }
  return nullptr;
}

}  // namespace klpx
