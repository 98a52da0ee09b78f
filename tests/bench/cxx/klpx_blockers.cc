// SPDX-License-Identifier: GPL-2.0
// klpx_blockers PATCH: 'klp-controller blocking --verbose' without its
// start-up: the blocking tasks, their stacks, the facts from /proc, and the
// text. The first report is not counted: it may have to load the observer.
// Prints "SECONDS FOUND".
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "controller/ops/entry/context.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/proc/linux_kernel.h"
#include "controller/verbs/verbs.h"

namespace {

constexpr int kReports = 10;

using Clock = std::chrono::steady_clock;

// Counts the lines of tasks under their header, up to the first empty line.
long CountBlockers(const std::string& text) {
  const size_t header = text.find("TID ");
  if (header == std::string::npos) return 0;
  const size_t end = text.find("\n\n", header);
  const auto first = text.begin() + static_cast<long>(header);
  const auto last = end == std::string::npos
                        ? text.end() - 1
                        : text.begin() + static_cast<long>(end);
  return std::count(first, last, '\n');
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  klpx::LinuxKernel kernel;
  const std::unique_ptr<klpx::ObserverAccess> observer =
      klpx::BpfObserverAccess();
  const std::unique_ptr<klpx::PolicyAccess> policy = klpx::BpfPolicyAccess();
  double seconds = 0;
  long found = 0;
  for (int i = 0; i <= kReports; ++i) {
    std::ostringstream text;
    klpx::Context context({kernel, *observer, *policy}, text, std::cerr);
    context.console.style.verbose = true;
    klpx::BlockingOptions options;
    options.patch = argv[1];
    const Clock::time_point start = Clock::now();
    const absl::StatusOr<int> code = klpx::RunBlocking(context, options);
    if (!code.ok()) {
      std::cerr << code.status() << "\n";
      return 1;
    }
    const std::chrono::duration<double> took = Clock::now() - start;
    if (i > 0) seconds += took.count() / kReports;
    found = CountBlockers(text.str());
  }
  std::printf("%.6f %ld\n", seconds, found);
  return 0;
}
