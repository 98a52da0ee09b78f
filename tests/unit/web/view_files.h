// SPDX-License-Identifier: GPL-2.0
// A snapshot of a stuck transition, for the tests of the server.
#ifndef KLPX_TESTS_UNIT_WEB_VIEW_FILES_H_
#define KLPX_TESTS_UNIT_WEB_VIEW_FILES_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "controller/core/publish/snapshot.h"

namespace klpx {

inline std::string StuckSnapshot(const std::string& boot_id,
                                 int64_t monotonic_ns, int pending) {
  return absl::StrCat(
      R"({"schema": "klp.snapshot.v1", "host": "web1", "boot_id": ")", boot_id,
      R"(", "kernel": "6.12", "time": "2026-11-21T10:00:00Z",
  "monotonic_ns": )",
      monotonic_ns, R"(,
  "daemon": {"version": "0.1.0", "pid": 7},
  "status": {"schema": "klp.status/v1", "patches": [{"name": "fix"}]},
  "blocking": {"schema": "klp.blocking/v1", "patch": "fix",
    "state": "enabling", "tasks": 90, "pending": )",
      pending, R"(, "elapsed_ms": )", monotonic_ns / 1000000, R"(,
    "advice": [{"patch": "fix", "text": "'klp-controller signal fix' it",
                "commands": ["klp-controller signal fix"]}],
    "blockers": [{"tid": 5, "comm": "cat", "reason": "running", "age_ms": 7,
                  "idle_cpu": null, "stack": ["a+0x1/0x2"]}]},
  "history": {"schema": "klp.history/v1", "transitions": [
    {"id": 3, "patch": "fix", "blocked": [], "events": [], "forces": []},
    {"id": 2, "patch": "old", "blocked": [], "events": [], "forces": []}]},
  "errors": {"list": "took too long"}})");
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_WEB_VIEW_FILES_H_
