// SPDX-License-Identifier: GPL-2.0
// User-space code whose cost grows with the machine: the report of blocking
// tasks, the reader of /proc/kallsyms, the reader of patch files.
//
//   core_benchmark PATCH_KO [--benchmark_...]
#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/report/report.h"
#include "tests/bench/cxx/benchmark_main.h"

namespace klpx {
namespace {

constexpr int kFramesOfAStack = 12;
constexpr int kWantedFunctions = 500;
constexpr uint64_t kTextStart = 0xffffffff81000000;
constexpr uint64_t kBytesOfAFunction = 0x40;

Blocker MakeBlocker(uint32_t tid) {
  Blocker blocker;
  blocker.info.key.tid = tid;
  blocker.info.key.idle_cpu = -1;
  blocker.info.pid = tid;
  blocker.info.reason = KLPX_ON_FUNCTION;
  blocker.info.task_state = 1;
  blocker.info.since_ns = 1;
  std::snprintf(blocker.info.patch, KLPX_PATCH_NAME_LEN, "fix");
  std::snprintf(blocker.info.comm, KLPX_COMM_LEN, "worker/%u", tid);
  std::snprintf(blocker.info.function, KLPX_FUNC_NAME_LEN, "do_sys_poll");
  blocker.cgroup = "/system.slice/web.service";
  blocker.cmdline = "/usr/sbin/web --workers 64";
  for (int i = 0; i < kFramesOfAStack; ++i) {
    blocker.stack.push_back(absl::StrFormat("function_%d+0x%x", i, i * 16));
  }
  return blocker;
}

BlockingReport MakeReport(int64_t blockers) {
  BlockingReport report;
  report.host.kernel = "6.12";
  report.host.monotonic_ns = 2000000000;
  report.patch.emplace();
  report.patch->name = "fix";
  report.patch->registered = true;
  report.patch->transition = true;
  report.patch->pending = blockers;
  report.losses.emplace();
  report.verbose = true;
  for (int64_t i = 1; i <= blockers; ++i) {
    report.blockers.push_back(MakeBlocker(static_cast<uint32_t>(i)));
  }
  return report;
}

void BM_BlockingText(benchmark::State& state) {
  const BlockingReport report = MakeReport(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(BlockingText(report));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_BlockingText)->Arg(10)->Arg(1000)->Arg(20000);

void BM_BlockingJson(benchmark::State& state) {
  const BlockingReport report = MakeReport(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(BlockingJson(report, /*one_line=*/false));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_BlockingJson)->Arg(10)->Arg(1000)->Arg(20000);

// At least as many lines as a Debian kernel has.
void BM_CountSymbols(benchmark::State& state) {
  std::string kallsyms;
  FunctionSet wanted;
  for (int64_t i = 0; i < state.range(0); ++i) {
    absl::StrAppendFormat(&kallsyms, "%016x t some_function_%d\n",
                          kTextStart + i * kBytesOfAFunction, i);
  }
  for (int i = 0; i < kWantedFunctions; ++i) {
    wanted.insert({"vmlinux", absl::StrCat("some_function_", i * 7)});
  }
  for (auto _ : state) benchmark::DoNotOptimize(CountSymbols(kallsyms, wanted));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(kallsyms.size()));
}
BENCHMARK(BM_CountSymbols)->Arg(10000)->Arg(250000);

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void ParsePatch(benchmark::State& state, const std::string& bytes) {
  for (auto _ : state) {
    const absl::StatusOr<PatchFile> file = ParsePatchFile(bytes);
    if (!file.ok()) {
      state.SkipWithError(file.status().ToString().c_str());
      break;
    }
    benchmark::DoNotOptimize(file->patch.has_value());
  }
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(bytes.size()));
}

}  // namespace
}  // namespace klpx

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string bytes = klpx::ReadAll(argv[1]);
  benchmark::RegisterBenchmark(
      "BM_ParsePatchFile",
      [&bytes](benchmark::State& state) { klpx::ParsePatch(state, bytes); });
  return klpx::RunBenchmarks(argc, argv);
}
