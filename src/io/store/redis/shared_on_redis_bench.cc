// What draws cost against a Redis on this machine: one after the other (the round trip), and many
// in one batch. Budgets: 200 us a round trip; 20,000 draws a second in batches of 100.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "io/store/redis/redis_testing.h"
#include "io/store/redis/shared_on_redis.h"

namespace {

using namespace signalbox;         // NOLINT: a benchmark is one file
using namespace signalbox::store;  // NOLINT

struct Rig {
  std::unique_ptr<async::Loop> loop = async::Loop::Create().value();
  RedisServer server;
  net::Resolver resolver{*loop};
  std::unique_ptr<SharedOnRedis> shared =
      SharedOnRedis::Open(*loop, resolver, {.port = server.port()}).value();
};

std::vector<Draw> Draws(std::int64_t accounts, std::int64_t sequence) {
  std::vector<Draw> draws(static_cast<std::size_t>(accounts));
  for (std::size_t i = 0; i < draws.size(); ++i) {
    draws[i] = {.name = {"budget_" + std::to_string(i), "2026-11"},
                .holder = "replica-1",
                .sequence = sequence,
                .limit = 1'000'000'000,
                .spent = sequence,
                .wanted = 1'000'000,
                .ttl = std::chrono::seconds(10)};
  }
  return draws;
}

async::Task<void> DrawAgainAndAgain(benchmark::State* state, Rig* rig) {
  std::int64_t sequence = 0;
  for (auto _ : *state) {
    const auto slices =
        co_await rig->shared->DrawAll(Draws(state->range(0), ++sequence), async::Deadline{});
    if (!slices.back().has_value()) {
      std::abort();
    }
  }
  co_await rig->shared->Close({});
  rig->loop->Stop();
}

void BM_Draw(benchmark::State& state) {
  if (RedisServer::Missing()) {
    state.SkipWithError("no redis-server");
    return;
  }
  Rig rig;
  async::Gate gate(*rig.loop);
  gate.Spawn(DrawAgainAndAgain(&state, &rig));
  rig.loop->Run();
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Draw)->Arg(1)->Arg(10)->Arg(100)->Arg(1000)->UseRealTime();

}  // namespace
