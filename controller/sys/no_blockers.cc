// SPDX-License-Identifier: GPL-2.0
// What a build without the BPF observer has in its place.
#include "controller/core/error.h"
#include "controller/sys/blocker_source.h"

namespace klpx {
namespace {

class NoAccess final : public ObserverAccess {
 public:
  absl::StatusOr<std::unique_ptr<BlockerSource>> Attach() override {
    return Error(ErrorKind::kBpfRefused,
                 "this klp-controller was built without the BPF observer");
  }

  absl::Status Unpin() override { return absl::OkStatus(); }

  absl::StatusOr<std::unique_ptr<StackWalk>> OpenStackWalk() override {
    return Error(ErrorKind::kBpfRefused,
                 "this klp-controller was built without the walk of stacks");
  }
};

}  // namespace

std::unique_ptr<ObserverAccess> BpfObserverAccess() {
  return std::make_unique<NoAccess>();
}

}  // namespace klpx
