// SPDX-License-Identifier: GPL-2.0
// What can be written after 'serve' and 'metrics'.
#include "controller/serve_flags.h"

namespace klpx {

void AddServeFlags(CLI::App& app, ServeOptions& options) {
  app.add_option("--listen", options.listen,
                 "ADDRESS:PORT to listen on (127.0.0.1:14917)");
  app.add_option("--unix", options.unix_paths, "Or a unix socket");
  app.add_option("--host-name", options.host_names,
                 "One more name that browsers may ask for it by");
  app.add_option("--snapshot", options.snapshot,
                 "Another snapshot than the daemon's");
  app.add_option("--history", options.history,
                 "Another history than this machine's");
}

void AddMetricsFlags(CLI::App& app, MetricsOptions& options) {
  app.add_option("--textfile", options.textfile,
                 "Replace this file instead (for node_exporter)");
  app.add_option("--snapshot", options.snapshot,
                 "Another snapshot than the daemon's");
}

}  // namespace klpx
