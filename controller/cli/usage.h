// SPDX-License-Identifier: GPL-2.0
// What is wrong with a command line, in words of our own: which verb or flag is
// not known and which is meant, what a flag lacks. The parser would say it in
// those of its library.
#ifndef KLPX_CONTROLLER_CLI_USAGE_H_
#define KLPX_CONTROLLER_CLI_USAGE_H_

#include <string>
#include <vector>

namespace klpx {

struct UsageError {
  std::string what;  // "" if nothing is wrong
  std::string verb;  // whose help says more; "" for that of the program
};

// Of the words behind the program's name.
UsageError CheckUsage(const std::vector<std::string>& words);

// Is JSON asked for, errors included? Whatever else is wrong with them.
bool WantsJson(const std::vector<std::string>& words);

// "help", "help VERB" and "version" as the flags that they stand for.
std::vector<std::string> WithoutHelpWords(std::vector<std::string> words);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_USAGE_H_
