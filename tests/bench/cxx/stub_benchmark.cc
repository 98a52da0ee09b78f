// SPDX-License-Identifier: GPL-2.0
// The cost of a call of a patched function on a real CPU, including returns:
// the fast path's stub, taken from klpx.ko, against a plain call, a jump, the
// bare sequence that overwrites the return address, and a stub that drops it
// and jumps, after which the CPU's return stack is off by one. A leaf is called
// ten frames deep; "tsc" is the cycles of one way down and back.
//
//   stub_benchmark KLPX_KO [--benchmark_...]
#include <benchmark/benchmark.h>
#include <sys/mman.h>
#include <x86intrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>

#include "controller/core/patch/elf_image.h"
#include "tests/bench/cxx/benchmark_main.h"

namespace {

constexpr int kFrames = 10;
constexpr int kBatch = 1000;
constexpr size_t kCodeBytes = 4096;
constexpr size_t kAlignment = 64;

const std::string kOverwrite = "\x48\xc7\x04\x24";      // movq $imm32, (%rsp)
const std::string kDrop = "\x48\x83\xc4\x08";           // add $8, %rsp
const std::string kNop5 = {0x0f, 0x1f, 0x44, 0x00, 0};  // where ftrace calls
constexpr char kCall = '\xe8';
constexpr char kJump = '\xe9';
constexpr char kReturn = '\xc3';
constexpr char kPad = '\x90';  // the kernel makes one NOP of a row of them
const std::string kNop9 = {0x66, 0x0f, 0x1f, '\x84', 0, 0, 0, 0, 0};

// Machine code below 2 GiB, so that a 32-bit constant can hold an address.
class Code {
 public:
  Code()
      : start_(static_cast<char*>(
            mmap(nullptr, kCodeBytes, PROT_READ | PROT_WRITE | PROT_EXEC,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0))),
        end_(start_) {
    if (start_ == MAP_FAILED) std::abort();  // no place to benchmark in
  }
  ~Code() { munmap(start_, kCodeBytes); }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;

  char* Align() {
    end_ += -reinterpret_cast<uintptr_t>(end_) % kAlignment;
    return end_;
  }
  void Put(const std::string& bytes) {
    std::memcpy(end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }
  void Put(char byte) { *end_++ = byte; }
  void PutNumber(int32_t number) {
    std::memcpy(end_, &number, sizeof(number));
    end_ += sizeof(number);
  }
  // A call or a jump.
  void PutBranch(char opcode, const char* target) {
    Put(opcode);
    PutNumber(static_cast<int32_t>(target - (end_ + sizeof(int32_t))));
  }

 private:
  char* start_;
  char* end_;
};

int32_t Constant(const char* address) {
  return static_cast<int32_t>(reinterpret_cast<intptr_t>(address));
}

// Puts the frames above the leaf; returns the outermost one.
char* PutFrames(Code& code, const char* leaf) {
  const char* callee = leaf;
  char* frame = nullptr;
  for (int i = 0; i < kFrames; ++i) {
    frame = code.Align();
    code.PutBranch(kCall, callee);
    code.Put(kReturn);
    callee = frame;
  }
  return frame;
}

// Takes the fastest of many batches: other load of the machine only adds time.
void Run(benchmark::State& state, char* entry) {
  const auto call = reinterpret_cast<void (*)()>(entry);
  uint64_t best = std::numeric_limits<uint64_t>::max();
  while (state.KeepRunningBatch(kBatch)) {
    const uint64_t start = __rdtsc();
    for (int i = 0; i < kBatch; ++i) call();
    best = std::min<uint64_t>(best, __rdtsc() - start);
  }
  state.counters["tsc"] = static_cast<double>(best) / kBatch;
}

char* PutNewFunction(Code& code) {
  char* function = code.Align();
  code.Put(kReturn);
  return function;
}

void BM_plain(benchmark::State& state) {
  Code code;
  char* leaf = code.Align();
  code.Put(kNop5);
  code.Put(kReturn);
  Run(state, PutFrames(code, leaf));
}

void BM_jump(benchmark::State& state) {
  Code code;
  const char* function = PutNewFunction(code);
  char* leaf = code.Align();
  code.PutBranch(kJump, function);
  Run(state, PutFrames(code, leaf));
}

// Puts a leaf that calls the stub, as a patched function does.
char* PutPatched(Code& code, const char* stub) {
  char* leaf = code.Align();
  code.PutBranch(kCall, stub);
  code.Put(kReturn);
  return leaf;
}

// The instructions of a stub around the one that overwrites.
struct Around {
  std::string before, behind;
};

void RunOverwriting(benchmark::State& state, const Around& around) {
  Code code;
  const char* function = PutNewFunction(code);
  const char* stub = code.Align();
  code.Put(around.before);
  code.Put(kOverwrite);
  code.PutNumber(Constant(function));
  code.Put(around.behind);
  code.Put(kReturn);
  Run(state, PutFrames(code, PutPatched(code, stub)));
}

void BM_bare(benchmark::State& state) { RunOverwriting(state, {}); }

void BM_unpaired(benchmark::State& state) {
  Code code;
  const char* function = PutNewFunction(code);
  const char* stub = code.Align();
  code.Put(kDrop);
  code.PutBranch(kJump, function);
  Run(state, PutFrames(code, PutPatched(code, stub)));
}

// Those instructions of the first stub of klpx.ko; nullopt if there is no stub,
// or it is of another kind.
std::optional<Around> ReadStub(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const auto image = klpx::ElfImage::Parse(
      std::string(std::istreambuf_iterator<char>(file), {}));
  if (!image.ok()) return std::nullopt;
  for (const klpx::ElfSymbol& symbol : image->symbols()) {
    if (symbol.name != "klpx_stub_text") continue;
    const absl::string_view text =
        image->sections()[symbol.section].data.substr(symbol.value);
    const size_t place = text.find(kOverwrite);
    if (place == absl::string_view::npos) break;
    const size_t behind = place + kOverwrite.size() + sizeof(int32_t);
    const size_t end = text.find_first_not_of(kPad, behind);
    if (end == absl::string_view::npos) break;
    if (text[end] != kReturn && text[end] != kJump) break;
    return Around{std::string(text.substr(0, place)),
                  end > behind ? kNop9 : std::string()};
  }
  return std::nullopt;
}

}  // namespace

BENCHMARK(BM_plain);
BENCHMARK(BM_jump);
BENCHMARK(BM_bare);
BENCHMARK(BM_unpaired);

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::optional<Around> stub = ReadStub(argv[1]);
  if (stub) {
    benchmark::RegisterBenchmark("BM_klpx", [&stub](benchmark::State& state) {
      RunOverwriting(state, *stub);
    });
  } else {
    std::cerr << argv[1] << ": holds no stub that can be run here\n";
  }
  return klpx::RunBenchmarks(argc, argv);
}
