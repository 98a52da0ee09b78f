// SPDX-License-Identifier: GPL-2.0
// The end of main() of a benchmark that has one argument before those of
// Google Benchmark.
#ifndef KLPX_BENCH_BENCHMARK_MAIN_H_
#define KLPX_BENCH_BENCHMARK_MAIN_H_

#include <benchmark/benchmark.h>

namespace klpx {

// Runs the registered benchmarks, with argv[2] and up as options. Returns the
// result for main().
inline int RunBenchmarks(int argc, char** argv) {
  argv[1] = argv[0];
  argc -= 1;
  argv += 1;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace klpx

#endif  // KLPX_BENCH_BENCHMARK_MAIN_H_
