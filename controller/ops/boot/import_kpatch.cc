// SPDX-License-Identifier: GPL-2.0
// Accepts the patches that kpatch(1) has installed to be loaded at boot.
#include "controller/ops/boot/import_kpatch.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/exit_codes.h"
#include "controller/core/base/sha256.h"
#include "controller/core/patch/fnv1a.h"
#include "controller/core/report/report_boot.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/patch/load.h"

namespace klpx {
namespace {

constexpr char kKpatchDirectory[] = "/var/lib/kpatch";
constexpr const char* kKpatchWants[] = {
    "/etc/systemd/system/multi-user.target.wants/kpatch.service",
    "/etc/systemd/system/sysinit.target.wants/kpatch.service",
    "/etc/systemd/system/default.target.wants/kpatch.service",
};

absl::string_view Kind(Engine engine) {
  switch (engine) {
    case Engine::kKlpx:
      return "a patch for klpx";
    case Engine::kKernel:
      return "a patch for the kernel's own livepatch";
    case Engine::kNone:
      return "a module, but not a patch";
  }
  return "";
}

// Describes the patch in one file; the error says why it cannot be accepted.
absl::StatusOr<AcceptedPatch> Examine(Kernel& kernel, const std::string& path,
                                      std::string& bytes) {
  const Host host = kernel.ReadHost();
  const absl::Status trusted = kernel.CheckTrusted(path);
  if (!trusted.ok()) return Error(ErrorKind::kRefused, trusted.message());
  absl::StatusOr<std::string> read = ReadPatchBytes(kernel, path);
  if (!read.ok()) return read.status();
  bytes = *std::move(read);
  const absl::StatusOr<PatchFile> file = ParsePatch(kernel, bytes);
  if (!file.ok()) return file.status();
  if (file->engine == Engine::kNone) {
    return Error(ErrorKind::kNotAPatch, Kind(file->engine));
  }
  if (!absl::StartsWith(file->vermagic, absl::StrCat(host.kernel, " "))) {
    return Error(ErrorKind::kForeignKernel, Kind(file->engine),
                 ", built for another kernel (", file->vermagic, ")");
  }
  AcceptedPatch patch;
  patch.name = file->module;
  patch.engine = std::string(RowOf(file->engine).word);
  patch.build_id = BuildIdOf(*file);
  patch.size = bytes.size();
  patch.fingerprint = Fnv1a(bytes);
  patch.sha256 = Sha256(bytes);
  patch.time = host.time;
  patch.from = path;
  if (file->patch && file->engine == Engine::kKlpx) {
    patch.set = file->patch->replace_set;
    if (file->patch->replace) patch.replaces_set = file->patch->replace_set;
  }
  return patch;
}

BootRow Import(const BootFiles& boot, const std::string& path,
               const std::string& name, bool take) {
  std::string bytes;
  const absl::StatusOr<AcceptedPatch> patch = Examine(boot.kernel, path, bytes);
  if (!patch.ok()) {
    return {name, "refused", std::string(patch.status().message())};
  }
  const std::string kind(Kind(patch->engine == RowOf(Engine::kKlpx).word
                                  ? Engine::kKlpx
                                  : Engine::kKernel));
  const absl::StatusOr<AcceptedList> list = ReadAccepted(boot);
  if (!list.ok()) {
    return {name, "refused", std::string(list.status().message())};
  }
  const AcceptedPatch* known = FindAccepted(*list, patch->name);
  if (known != nullptr && known->fingerprint == patch->fingerprint) {
    return {name, "unchanged", absl::StrCat(kind, ", already accepted")};
  }
  if (!take) {
    return {name, "importable",
            absl::StrCat(kind, known ? ", would replace the accepted build"
                                     : ", can be accepted")};
  }
  const auto added = AddAccepted(boot, *patch, bytes);
  if (!added.ok()) {
    return {name, "refused", std::string(added.status().message())};
  }
  return {name, "accepted", absl::StrCat(kind, ", loaded at boot from now on")};
}

}  // namespace

std::string KpatchConflict(Kernel& kernel) {
  for (const char* path : kKpatchWants) {
    if (!kernel.Exists(path)) continue;
    return absl::StrCat("kpatch.service is enabled (", path,
                        ") and loads patches at boot, too; to leave that to "
                        "klpx: systemctl disable kpatch.service");
  }
  return "";
}

absl::StatusOr<int> ImportKpatch(const BootFiles& boot, Console& console,
                                 const std::string& from, bool take) {
  const std::string directory =
      absl::StrCat(from.empty() ? kKpatchDirectory : from, "/",
                   boot.kernel.ReadHost().kernel);
  const auto names = boot.kernel.ListDirectory(directory);
  if (!names.ok()) {
    return Error(ErrorKind::kNoSuchPatch, "import: ", names.status().message(),
                 "; that is where kpatch keeps the patches of this kernel");
  }
  BootReport report;
  report.verb = "accept";
  int code = 0;
  for (const std::string& name : *names) {
    if (!absl::EndsWith(name, ".ko")) continue;
    report.rows.push_back(
        Import(boot, absl::StrCat(directory, "/", name), name, take));
    if (report.rows.back().result == "refused") {
      code = RowOf(ErrorKind::kRefused).exit_code;
    }
  }
  report.message = report.rows.empty()
                       ? absl::StrCat("no module in ", directory)
                   : take ? ""
                          : "nothing done; --take accepts them";
  const std::string conflict = KpatchConflict(boot.kernel);
  if (!conflict.empty()) Warn(console, conflict);
  console.out << (console.style.json ? BootJson(boot.kernel.ReadHost(), report)
                                     : BootText(report));
  return code;
}

}  // namespace klpx
