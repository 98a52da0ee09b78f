// SPDX-License-Identifier: GPL-2.0
// A build tool that is not installed: prints the manual page made from a
// template, or the completion script of a shell.
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "absl/strings/string_view.h"
#include "controller/cli/completion.h"
#include "controller/cli/manual.h"

namespace {

int PrintManual(const char* path) {
  std::ifstream file(path);
  std::ostringstream page;
  page << file.rdbuf();
  const absl::StatusOr<std::string> manual = klpx::Manual(page.str());
  if (!file || !manual.ok()) {
    std::cerr << path << ": "
              << (file ? std::string(manual.status().message())
                       : std::string("cannot be read"))
              << "\n";
    return 1;
  }
  std::cout << *manual;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const absl::string_view what = argc > 1 ? argv[1] : "";
  if (what == "manual" && argc == 3) return PrintManual(argv[2]);
  if (what == "bash") return (std::cout << klpx::BashCompletion(), 0);
  if (what == "zsh") return (std::cout << klpx::ZshCompletion(), 0);
  if (what == "fish") return (std::cout << klpx::FishCompletion(), 0);
  std::cerr << "usage: klpx-generate manual TEMPLATE | bash | zsh | fish\n";
  return 2;
}
