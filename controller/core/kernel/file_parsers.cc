// SPDX-License-Identifier: GPL-2.0
// Readers of the text the kernel publishes. The lists have some hundred
// thousand lines, so a line is split only as far as it has to be.
#include "controller/core/kernel/file_parsers.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/core/base/patch_name.h"

namespace klpx {
namespace {

constexpr absl::string_view kLogPrefix = "klpx: ";
constexpr absl::string_view kLivepatchPrefix = "livepatch: ";
constexpr int kLogLevelWarning = 4;

// Cuts the first line off text.
absl::string_view TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  const absl::string_view line = text.substr(0, end);
  text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  return line;
}

// The two parts of a line around its first separator.
std::pair<absl::string_view, absl::string_view> Cut(absl::string_view line,
                                                    char separator) {
  const size_t at = line.find(separator);
  if (at == absl::string_view::npos) return {line, ""};
  return {line.substr(0, at), line.substr(at + 1)};
}

absl::flat_hash_set<std::string> NamesOf(const FunctionSet& wanted) {
  absl::flat_hash_set<std::string> names;
  for (const FunctionKey& key : wanted) names.insert(key.second);
  return names;
}

// "[ext4] ..." is "ext4"; anything else is the kernel itself.
absl::string_view ObjectOf(absl::string_view rest) {
  if (!absl::ConsumePrefix(&rest, "[")) return kVmlinux;
  return rest.substr(0, rest.find(']'));
}

// "name [module]" from "(name+0x0/0x10 [module])".
std::string Callback(absl::string_view text) {
  text = text.substr(0, text.find(')'));
  const size_t module = text.find(" [");
  const absl::string_view name = text.substr(0, text.find_first_of("+ "));
  if (module == absl::string_view::npos) return std::string(name);
  return absl::StrCat(name, text.substr(module));
}

std::string OwnerOn(absl::string_view line) {
  for (const absl::string_view mark : {"tramp: ", "ops: "}) {
    const size_t at = line.find(mark);
    const size_t open = at == absl::string_view::npos ? at : line.find('(', at);
    if (open != absl::string_view::npos) return Callback(line.substr(open + 1));
  }
  const size_t arrow = line.find("->");
  if (arrow == absl::string_view::npos) return "";
  return Callback(line.substr(arrow + 2));
}

}  // namespace

SymbolCounts CountSymbols(absl::string_view kallsyms,
                          const FunctionSet& wanted) {
  const absl::flat_hash_set<std::string> names = NamesOf(wanted);
  SymbolCounts counts;
  while (!kallsyms.empty()) {
    // "ffffffff81000000 T name" or "ffffffffc0000000 t name\t[module]"
    const auto [address, type_and_name] = Cut(TakeLine(kallsyms), ' ');
    if (type_and_name.size() < 3) continue;
    const auto [name, module] = Cut(type_and_name.substr(2), '\t');
    if (!names.contains(name)) continue;
    FunctionKey key(ObjectOf(module), name);
    if (wanted.contains(key)) counts[std::move(key)]++;
  }
  return counts;
}

FunctionSet FindTraceable(absl::string_view available,
                          const FunctionSet& wanted) {
  const absl::flat_hash_set<std::string> names = NamesOf(wanted);
  FunctionSet found;
  while (!available.empty()) {
    const auto [name, module] = Cut(TakeLine(available), ' ');
    if (!names.contains(name)) continue;
    FunctionKey key(ObjectOf(module), name);
    if (wanted.contains(key)) found.insert(std::move(key));
  }
  return found;
}

FtraceSites FindFtraceSites(absl::string_view available,
                            const FunctionSet& wanted) {
  const absl::flat_hash_set<std::string> names = NamesOf(wanted);
  FtraceSites sites;
  while (!available.empty()) {
    // "ffffffff81000004 do_open" or "ffffffffc0000004 do_open [ext4]"
    const auto [digits, rest] = Cut(TakeLine(available), ' ');
    const auto [name, module] = Cut(rest, ' ');
    if (!names.contains(name)) continue;
    FunctionKey key(ObjectOf(module), name);
    uint64_t address = 0;
    if (!wanted.contains(key) || !absl::SimpleHexAtoi(digits, &address)) {
      continue;
    }
    sites.names.insert(std::move(key));
    sites.addresses.push_back(address);
  }
  std::sort(sites.addresses.begin(), sites.addresses.end());
  return sites;
}

std::vector<FtraceUse> FindFtraceUsers(absl::string_view enabled,
                                       const FunctionSet& wanted) {
  std::vector<FtraceUse> users;
  bool in_wanted = false;
  while (!enabled.empty()) {
    const absl::string_view line = TakeLine(enabled);
    const size_t direct = line.find("direct-->");
    if (direct != absl::string_view::npos && in_wanted) {
      users.back().direct = true;
      users.back().owner = Callback(line.substr(direct + 9));
    }
    if (line.empty() || line[0] == '\t' || line[0] == ' ') continue;
    const auto [name, rest] = Cut(line, ' ');
    FunctionKey key(ObjectOf(rest), name);
    in_wanted = wanted.contains(key);
    if (!in_wanted) continue;
    const size_t flags = line.find(") ");
    const absl::string_view after =
        flags == absl::string_view::npos ? "" : line.substr(flags + 1);
    const absl::string_view letters = after.substr(0, after.find('\t'));
    users.push_back({std::move(key), absl::StrContains(letters, " I"),
                     absl::StrContains(letters, " D"), OwnerOn(line)});
  }
  return users;
}

std::vector<KprobeUse> FindKprobes(absl::string_view list,
                                   const FunctionSet& wanted) {
  std::vector<KprobeUse> probes;
  while (!list.empty()) {
    // "ffffffff81000004  k  do_open+0x4  ext4 [DISABLED][FTRACE]"
    const std::vector<absl::string_view> words =
        absl::StrSplit(TakeLine(list), ' ', absl::SkipEmpty());
    if (words.size() < 3) continue;
    const auto [name, offset] = Cut(words[2], '+');
    KprobeUse probe;
    probe.kind = words[1] == "r" ? "kretprobe" : "kprobe";
    absl::string_view object = kVmlinux;
    for (size_t i = 3; i < words.size(); i++) {
      if (!absl::StartsWith(words[i], "[")) object = words[i];
      if (absl::StrContains(words[i], "[FTRACE]")) probe.by_ftrace = true;
    }
    probe.function = FunctionKey(object, name);
    if (!wanted.contains(probe.function)) continue;
    if (!absl::SimpleHexAtoi(offset, &probe.offset)) probe.offset = 0;
    if (!absl::SimpleHexAtoi(words[0], &probe.address)) probe.address = 0;
    probes.push_back(std::move(probe));
  }
  return probes;
}

std::string LockdownMode(absl::string_view text) {
  const auto [before, after] = Cut(text, '[');
  const absl::string_view mode = Cut(after, ']').first;
  return mode == "none" ? "" : std::string(mode);
}

std::string FindModulePath(absl::string_view modules_dep,
                           absl::string_view module) {
  while (!modules_dep.empty()) {
    // "extra/a-fix.ko: kernel/other.ko"
    const absl::string_view path = Cut(TakeLine(modules_dep), ':').first;
    if (IsModuleFile(path) && ModuleName(path) == module) {
      return std::string(path);
    }
  }
  return "";
}

std::string CgroupPath(absl::string_view text) {
  std::optional<absl::string_view> first;
  while (!text.empty()) {
    const absl::string_view line = TakeLine(text);
    const std::vector<absl::string_view> fields =
        absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    if (fields[0] == "0") return std::string(fields[2]);
    if (!first) first = fields[2];
  }
  return std::string(first.value_or(""));
}

std::optional<TaskUids> ParseUids(absl::string_view status) {
  while (!status.empty()) {
    const std::vector<absl::string_view> words = absl::StrSplit(
        TakeLine(status), absl::ByAnyChar(" \t"), absl::SkipEmpty());
    TaskUids uids;
    if (words.size() > 2 && words[0] == "Uid:" &&
        absl::SimpleAtoi(words[1], &uids.real) &&
        absl::SimpleAtoi(words[2], &uids.effective)) {
      return uids;
    }
  }
  return std::nullopt;
}

std::string UserName(absl::string_view passwd, uint32_t uid) {
  while (!passwd.empty()) {
    const std::vector<absl::string_view> fields =
        absl::StrSplit(TakeLine(passwd), ':');
    uint32_t of = 0;
    if (fields.size() > 2 && absl::SimpleAtoi(fields[2], &of) && of == uid) {
      return std::string(fields[0]);
    }
  }
  return "";
}

std::vector<std::string> LogComplaints(absl::string_view kmsg,
                                       absl::string_view module) {
  const std::string loader_prefix = absl::StrCat(module, ": ");
  std::vector<std::string> lines;
  while (!kmsg.empty()) {
    // "4,1234,567890,-;text": facility and level, sequence, time, flags
    auto [head, text] = Cut(TakeLine(kmsg), ';');
    int priority = 0;
    if (!absl::SimpleAtoi(Cut(head, ',').first, &priority)) continue;
    // Lines written by user space have another facility than the kernel's 0.
    if (priority < 0 || priority > kLogLevelWarning) continue;
    if (absl::ConsumePrefix(&text, kLogPrefix) ||
        absl::ConsumePrefix(&text, kLivepatchPrefix) ||
        absl::ConsumePrefix(&text, loader_prefix)) {
      lines.emplace_back(text);
    }
  }
  return lines;
}

std::string SymbolOfLogLine(absl::string_view line) {
  for (const absl::string_view mark :
       {"Unknown symbol ", "disagrees about version of symbol "}) {
    const size_t at = line.find(mark);
    if (at == absl::string_view::npos) continue;
    const absl::string_view rest = line.substr(at + mark.size());
    return std::string(rest.substr(0, rest.find_first_of(" \n")));
  }
  return "";
}

ErrorKind KindOfLogLine(absl::string_view line) {
  if (absl::StrContains(line, "not found in symbol table") ||
      absl::StrContains(line, "symbol position")) {
    return ErrorKind::kUnknownFunction;
  }
  if (absl::StrContains(line, "unresolvable ambiguity")) {
    return ErrorKind::kAmbiguousFunction;
  }
  if (absl::StrContains(line, "disagrees about version of symbol") ||
      absl::StrContains(line, "Unknown symbol")) {
    return ErrorKind::kNoEngine;
  }
  if (absl::StrContains(line, "version magic")) {
    return ErrorKind::kForeignKernel;
  }
  if (absl::StrContains(line, "failed to register ftrace handler") ||
      absl::StrContains(line, "are of different sets and both patch")) {
    return ErrorKind::kFunctionOwned;
  }
  if (absl::StrContains(line, "is not compatible with the already installed") ||
      absl::StrContains(line, "' refuses to enable it")) {
    return ErrorKind::kRefused;
  }
  if (absl::StrContains(line, "failed to find location")) {
    return ErrorKind::kNotTraceable;
  }
  return ErrorKind::kFailure;
}

}  // namespace klpx
