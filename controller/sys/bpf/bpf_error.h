// SPDX-License-Identifier: GPL-2.0
// Why the kernel refuses BPF: what libbpf said, and which feature, permission
// or kernel option is missing. Knows nothing about our programs and maps.
#ifndef KLPX_CONTROLLER_SYS_BPF_BPF_ERROR_H_
#define KLPX_CONTROLLER_SYS_BPF_BPF_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace klpx {

// Captures libbpf's messages, which would go to stderr, while it exists. Only
// one can exist at a time: the constructor waits for the other one's
// destructor.
class LibbpfLog {
 public:
  LibbpfLog();
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

  // The first message, and the verifier's reason if there is one.
  std::string Cause() const;
};

// Checks what can be told without trying: root, and whether the kernel has BPF
// and BTF, and klpx.ko BTF.
absl::Status CheckBpfPossible();

// The error for an operation that was refused with this errno: says why and
// what to do.
absl::Status BpfRefused(absl::string_view operation, int error,
                        const LibbpfLog& log);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_BPF_ERROR_H_
