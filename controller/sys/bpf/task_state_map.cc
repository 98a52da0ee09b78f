// SPDX-License-Identifier: GPL-2.0
// The pinned map task_state and the program read_stack, by descriptor.
#include "controller/sys/bpf/task_state_map.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"

// Must follow klpx/abi.h, whose types it uses.
#include "bpf/layout.h"

namespace klpx {
namespace {

// The entries read in one batch; doubled when one hash bucket holds more.
constexpr uint32_t kBatchEntries = 256;
constexpr uint32_t kBatchEntriesMax = 65536;

// Reads one batch and advances the token. False if it was the last batch.
absl::StatusOr<bool> ReadBatch(int map, bool first, uint32_t& token,
                               std::vector<klpx_task_info>& tasks) {
  for (uint32_t size = kBatchEntries;; size *= 2) {
    std::vector<klpx_task_key> keys(size);
    std::vector<klpx_task_info> values(size);
    uint32_t next = 0;
    uint32_t count = size;
    const int result =
        bpf_map_lookup_batch(map, first ? nullptr : &token, &next, keys.data(),
                             values.data(), &count, /*opts=*/nullptr);
    if (result == -ENOSPC && size < kBatchEntriesMax) continue;
    if (result != 0 && result != -ENOENT) {
      return ReadFailed(-result, KLPX_PIN_TASK_STATE);
    }
    tasks.insert(tasks.end(), values.begin(), values.begin() + count);
    token = next;
    return result == 0;
  }
}

// "f+0x1/0x2 [module]" without the size of the function.
std::string FrameText(const klpx_stack_request& request, uint32_t frame) {
  const char* text = reinterpret_cast<const char*>(request.text[frame]);
  const absl::string_view whole(text, strnlen(text, KLPX_FRAME_LEN));
  // For an address without a symbol the kernel prints the number, which reveals
  // where the kernel is loaded: keep that out of histories and web pages.
  if (whole.empty() || absl::StartsWith(whole, "0x")) return "(no symbol)";
  const size_t slash = whole.find('/');
  if (slash == absl::string_view::npos) return std::string(whole);
  const size_t space = whole.find(' ', slash);
  return absl::StrCat(whole.substr(0, slash), space == absl::string_view::npos
                                                  ? ""
                                                  : whole.substr(space));
}

}  // namespace

absl::Status ReadFailed(int error, absl::string_view path) {
  return absl::ErrnoToStatus(error, absl::StrCat("cannot read ", path));
}

absl::StatusOr<std::vector<klpx_task_info>> ReadTaskMap(int map) {
  std::vector<klpx_task_info> tasks;
  uint32_t token = 0;
  for (bool first = true, more = true; more; first = false) {
    const absl::StatusOr<bool> batch = ReadBatch(map, first, token, tasks);
    if (!batch.ok()) return batch.status();
    more = *batch;
  }
  return tasks;
}

absl::StatusOr<std::vector<std::string>> ReadTaskStack(
    int program, const klpx_task_key& key) {
  std::vector<std::string> frames;
  if (key.idle_cpu >= 0) return frames;
  klpx_stack_request request = {};
  request.key = key;
  bpf_test_run_opts options = {};
  options.sz = sizeof(options);
  options.ctx_in = &request;
  options.ctx_size_in = sizeof(request);
  const int error = bpf_prog_test_run_opts(program, &options);
  if (error != 0) {
    return absl::ErrnoToStatus(
        -error, absl::StrCat("cannot read the stack of task ", key.tid));
  }
  const uint32_t count = std::min<uint32_t>(request.frames, KLPX_STACK_FRAMES);
  for (uint32_t frame = 0; frame < count; ++frame) {
    frames.push_back(FrameText(request, frame));
  }
  return frames;
}

}  // namespace klpx
