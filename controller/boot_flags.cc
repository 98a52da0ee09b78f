// SPDX-License-Identifier: GPL-2.0
// The flags of the verbs that are about what is loaded at boot.
#include "controller/boot_flags.h"

namespace klpx {

void AddAcceptFlags(CLI::App& app, AcceptOptions& options) {
  app.add_flag("--list", options.list, "Show what is accepted");
  app.add_flag("--revoke", options.revoke, "Take it back");
  app.add_flag("--import-kpatch", options.import,
               "Look at what kpatch has installed; PATCH is a directory then, "
               "/var/lib/kpatch if none is given");
  app.add_flag("--take", options.take, "And accept what can be");
}

void AddRestoreFlags(CLI::App& app, RestoreOptions& options,
                     std::string& timeout,
                     std::string (*check)(const std::string&)) {
  app.add_option("--retry", options.retry,
                 "Only this patch, also if the guard keeps it out");
  app.add_flag("--settle", options.settle,
               "Load nothing; let marks of the guard go that may");
  app.add_option("--timeout", timeout,
                 "Wait no longer for each patch (30, 30s, 5m)")
      ->check(check);
}

}  // namespace klpx
