// SPDX-License-Identifier: GPL-2.0
// Made-up looks for the tests.
#ifndef KLPX_TESTS_UNIT_VIEW_SAMPLES_H_
#define KLPX_TESTS_UNIT_VIEW_SAMPLES_H_

#include <cstring>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "controller/view/sample.h"
#include "controller/view/top_state.h"

namespace klpx {

inline constexpr int64_t kSecondNs = 1000000000;
inline constexpr int64_t kStartNs = 100 * kSecondNs;

template <size_t size>
void Fill(char (&field)[size], absl::string_view text) {
  std::memset(field, 0, size);
  std::memcpy(field, text.data(), std::min(text.size(), size - 1));
}

// A task that has blocked since `since_s` seconds after the start.
inline Blocker MakeTask(uint32_t tid, absl::string_view comm,
                        absl::string_view function = "do_poll",
                        klpx_reason reason = KLPX_ON_FUNCTION,
                        int64_t since_s = 1) {
  Blocker blocker;
  klpx_task_info& info = blocker.info;
  info.key = {tid, -1, tid * UINT64_C(1000)};
  info.pid = tid;
  info.task_state = 1;
  info.reason = reason;
  info.since_ns = kStartNs + since_s * kSecondNs;
  Fill(info.patch, "fix_poll");
  Fill(info.comm, comm);
  Fill(info.function, function);
  blocker.cgroup = "/system.slice/a.service";
  return blocker;
}

// Twelve seconds into a transition of 120 tasks.
inline Sample MakeSample(std::vector<Blocker> blockers = {}) {
  Sample sample;
  sample.host.name = "web1";
  sample.host.kernel = "6.12.0";
  sample.host.time = absl::FromUnixSeconds(1763726400);
  sample.host.monotonic_ns = kStartNs + 12 * kSecondNs;
  PatchState patch;
  patch.name = "fix_poll";
  patch.registered = patch.enabled = patch.transition = true;
  patch.tasks = 120;
  patch.pending = blockers.size();
  patch.elapsed_ms = 12000;
  sample.patches.push_back(patch);
  sample.recent.push_back({kStartNs, 0, "fix_poll", true, 0, 120, 0, 0});
  sample.blockers = std::move(blockers);
  return sample;
}

inline void Show(TopState& top, Sample sample) {
  Take(top, std::make_shared<const Sample>(std::move(sample)));
}

// Presses each character of `keys`; returns the last request.
inline Request Type(TopState& top, absl::string_view keys) {
  Request request;
  for (const char key : keys) {
    request = Press(top, {KeyCode::kCharacter, key});
  }
  return request;
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_VIEW_SAMPLES_H_
