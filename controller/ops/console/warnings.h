// SPDX-License-Identifier: GPL-2.0
// The warnings of one verb. Each is printed when it is added, and all of them
// stand in the verb's report.
#ifndef KLPX_CONTROLLER_OPS_CONSOLE_WARNINGS_H_
#define KLPX_CONTROLLER_OPS_CONSOLE_WARNINGS_H_

#include <string>
#include <vector>

#include "controller/core/preflight/finding.h"
#include "controller/ops/console/console.h"

namespace klpx {

class Warnings {
 public:
  explicit Warnings(Console& console) : console_(console) {}

  void Add(const std::string& warning);
  void Add(const std::vector<std::string>& warnings);
  // Printed as a note: nothing is wrong.
  void AddNote(const std::string& note);
  // A warning or a note about each finding.
  void AddFindings(const Findings& findings);

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  Console& console_;
  std::vector<std::string> lines_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_CONSOLE_WARNINGS_H_
