// What a draw costs without a store around it. Budget: 2 us.
#include <benchmark/benchmark.h>

#include "base/async/gate.h"
#include "io/store/memory/shared_in_memory.h"

namespace {

using namespace signalbox;         // NOLINT: a benchmark is one file
using namespace signalbox::store;  // NOLINT

async::Task<void> DrawAgainAndAgain(benchmark::State* state, async::Loop* loop) {
  SharedInMemory shared(*loop);
  std::vector<Draw> draws(100);
  for (std::size_t i = 0; i < draws.size(); ++i) {
    draws[i] = {.name = {"budget_" + std::to_string(i), "2026-11"},
                .holder = "replica-1",
                .limit = 1'000'000'000,
                .wanted = 1'000'000,
                .ttl = std::chrono::seconds(10)};
  }
  for (auto _ : *state) {
    for (Draw& draw : draws) {
      ++draw.sequence;
    }
    const auto slices = co_await shared.DrawAll(draws, {});
    benchmark::DoNotOptimize(slices.data());
  }
  loop->Stop();
}

void BM_DrawInMemory(benchmark::State& state) {
  const auto loop = async::Loop::Create().value();
  async::Gate gate(*loop);
  gate.Spawn(DrawAgainAndAgain(&state, loop.get()));
  loop->Run();
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(BM_DrawInMemory);

}  // namespace
