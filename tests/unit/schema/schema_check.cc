// SPDX-License-Identifier: GPL-2.0
// Is a document as docs/schemas/ says?
#include "tests/unit/schema/schema_check.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace klpx {

std::vector<std::string> SchemaErrors(const std::string& schema,
                                      const std::string& document) {
  char path[] = "/tmp/klpx-document-XXXXXX";
  const int fd = mkstemp(path);
  if (fd < 0) return {"no file for the document"};
  const bool whole = write(fd, document.data(), document.size()) ==
                     static_cast<ssize_t>(document.size());
  close(fd);
  const std::string command =
      absl::StrCat("/usr/bin/python3 " TEST_VALIDATOR " " TEST_SCHEMA_DIR "/",
                   schema, ".v1.json ", path, " 2>&1");
  std::string said;
  FILE* const validator = whole ? popen(command.c_str(), "r") : nullptr;
  int status = -1;
  if (validator) {
    char bytes[4096];
    while (const size_t count = fread(bytes, 1, sizeof(bytes), validator)) {
      said.append(bytes, count);
    }
    status = pclose(validator);
  }
  unlink(path);
  std::vector<std::string> lines =
      absl::StrSplit(said, '\n', absl::SkipEmpty());
  if (status != 0) lines.push_back(absl::StrCat(command, ": ", status));
  return lines;
}

}  // namespace klpx
