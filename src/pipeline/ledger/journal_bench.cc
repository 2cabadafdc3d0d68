// What a call costs the worker: an intent and a settlement, with the archiver draining beside it.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "pipeline/ledger/journal.h"
#include "pipeline/ledger/ledger.h"
#include "pipeline/ledger/record_samples.h"

namespace signalbox::ledger {
namespace {

std::string Directory() {
  return (std::filesystem::temp_directory_path() / ("ledger-bench-" + std::to_string(getpid())))
      .string();
}

// Drained by the loop itself every few thousand calls, outside the timing.
void AppendPair(benchmark::State& state) {
  const std::string directory = Directory();
  std::filesystem::create_directories(directory);
  auto journal = *Journal::Open(directory + "/bench.ring", {});
  std::uint64_t number = 0;
  const auto drop = [](std::span<const std::byte>, std::uint64_t) { return core::Status(); };
  for (auto _ : state) {
    const Record intent = SampleIntent(++number);
    const Record settlement = SampleSettlement(number);
    if (!journal->AppendIntent(intent)) {
      state.SkipWithError("full");
    }
    journal->AppendSettlement(settlement);
    if (number % 4096 == 0) {
      state.PauseTiming();
      journal->Release(*journal->Read(~0ULL, drop));
      state.ResumeTiming();
    }
  }
  std::filesystem::remove_all(directory);
}
BENCHMARK(AppendPair);

// With the whole ledger behind it, and as fast as the archive takes it.
void AppendPairArchived(benchmark::State& state) {
  const std::string directory = Directory();
  auto ledger = *Ledger::Open(directory, {});
  Journal& journal = ledger->journal(0);
  std::uint64_t number = 0;
  std::uint64_t refused = 0;
  for (auto _ : state) {
    const Record intent = SampleIntent(++number);
    const Record settlement = SampleSettlement(number);
    if (journal.AppendIntent(intent)) {
      journal.AppendSettlement(settlement);
    } else {
      ++refused;
      state.PauseTiming();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      state.ResumeTiming();
    }
  }
  state.counters["refused"] = static_cast<double>(refused);
  ledger.reset();
  std::filesystem::remove_all(directory);
}
BENCHMARK(AppendPairArchived)->Iterations(2'000'000);

}  // namespace
}  // namespace signalbox::ledger
