#include <benchmark/benchmark.h>

#include <random>

#include "pipeline/cache/cache_testing.h"
#include "pipeline/cache/exact_cache.h"
#include "pipeline/cache/key.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::cache {
namespace {

std::string RequestOf(std::size_t length) {
  return R"({"model":"gpt-4o-mini","messages":[{"role":"system","content":"Be brief."},)"
         R"({"role":"user","content":")" +
         std::string(length, 'x') + R"("}],"temperature":0.2,"max_tokens":200})";
}

void Key(benchmark::State& state) {
  const std::string body = RequestOf(static_cast<std::size_t>(state.range(0)));
  json::Document document;
  (void)document.Parse(body);
  const request::Call call{.dialect = &openai_chat::TheDialect(), .body = body};
  const auto envelope = call.dialect->ReadEnvelope(document, call.operation);
  KeyMaker maker;
  for (auto _ : state) {
    benchmark::DoNotOptimize(maker.Make(
        {.call = call, .principal = request::Principal::Anonymous(), .envelope = *envelope},
        document.Root()));
  }
}
BENCHMARK(Key)->Arg(20)->Arg(200)->Arg(2000)->Arg(20000);

void Miss(benchmark::State& state) {
  Table table({.bytes = 64 << 20});
  Put(table, DigestOf(1), "x");
  std::mt19937_64 random(1);
  Digest key = DigestOf(2);
  for (auto _ : state) {
    key.words[0] = random();
    benchmark::DoNotOptimize(table.Find(key, kNow));
  }
}
BENCHMARK(Miss);

void Hit(benchmark::State& state) {
  Table table({.bytes = 256 << 20});
  const auto entries = static_cast<std::uint64_t>(state.range(0));
  std::vector<Digest> keys;
  for (std::uint64_t i = 0; i < entries; ++i) {
    keys.push_back(DigestOf(i));
    Put(table, keys.back(), std::string(600, 'x'));
  }
  std::mt19937_64 random(1);
  std::vector<std::string_view> pieces;
  for (auto _ : state) {
    const Entry entry = table.Find(keys[random() % entries], kNow);
    pieces.clear();
    if (entry) {
      entry.AppendBody(pieces);
    }
    benchmark::DoNotOptimize(pieces.data());
  }
}
BENCHMARK(Hit)->Arg(10)->Arg(100000);

// Fills a table that is full: each answer takes the place of others.
void Fill(benchmark::State& state) {
  Table table({.bytes = static_cast<std::uint64_t>(state.range(1)) << 20});
  const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
  std::mt19937_64 random(1);
  Digest key = DigestOf(2);
  const auto fill = [&] {
    key.words[0] = random();
    key.words[1] = random();
    benchmark::DoNotOptimize(Put(table, key, body));
  };
  while (table.evictions() == 0) {
    fill();
  }
  for (auto _ : state) {
    fill();
  }
}
BENCHMARK(Fill)->Args({600, 16})->Args({600, 256})->Args({4000, 256});

void LeadAndLand(benchmark::State& state) {
  const auto loop = *async::Loop::Create();
  Flights flights(1000);
  std::mt19937_64 random(1);
  Digest key = DigestOf(2);
  for (auto _ : state) {
    key.words[2] = random();
    auto joined = flights.Join(key, *loop);
    std::get<Flights::Lead>(joined).Land({});
  }
}
BENCHMARK(LeadAndLand);

}  // namespace
}  // namespace signalbox::cache
