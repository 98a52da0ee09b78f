// SPDX-License-Identifier: GPL-2.0
// Why the kernel refuses BPF: what libbpf said, and which feature, permission
// or CONFIG is missing. Knows no program or map of ours.
#ifndef KLPX_CONTROLLER_SYS_BPF_BPF_ERROR_H_
#define KLPX_CONTROLLER_SYS_BPF_BPF_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace klpx {

// Takes libbpf's messages, in place of stderr, while it lives. One at a time:
// a second one waits for the first to go.
class LibbpfLog {
 public:
  LibbpfLog();
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

  // The first complaint, and the verifier's reason if there is one.
  std::string Cause() const;
};

// What can be seen without trying: BPF and BTF of the kernel and of klpx.ko.
absl::Status CheckBpfPossible();

// operation was refused with this errno: says why and what to do.
absl::Status BpfRefused(absl::string_view operation, int error,
                        const LibbpfLog& log);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_BPF_ERROR_H_
