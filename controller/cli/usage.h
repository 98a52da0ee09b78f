// SPDX-License-Identifier: GPL-2.0
// Checks a command line before the parser does, for better errors than those of
// the parser's library: an unknown verb or flag comes with the one that is
// probably meant, and a flag without a value is named.
#ifndef KLPX_CONTROLLER_CLI_USAGE_H_
#define KLPX_CONTROLLER_CLI_USAGE_H_

#include <string>
#include <vector>

namespace klpx {

struct UsageError {
  std::string what;  // "" if nothing is wrong
  std::string verb;  // its --help says more; "": the program's own does
};

// Takes the words after the program's name.
UsageError CheckUsage(const std::vector<std::string>& words);

// Do the words ask for JSON? Works for words that are wrong otherwise, too, so
// that errors can be JSON.
bool WantsJson(const std::vector<std::string>& words);

// Replaces "help", "help VERB" and "version" by the flags they stand for.
std::vector<std::string> WithoutHelpWords(std::vector<std::string> words);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_USAGE_H_
