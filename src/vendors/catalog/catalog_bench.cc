// Budget: 100 ns for a look-up and 100 ns for a cost; 3 ms for the index at start.
#include <benchmark/benchmark.h>

#include "vendors/catalog/built_in.h"
#include "vendors/catalog/catalog.h"
#include "vendors/catalog/cost.h"

namespace signalbox::catalog {
namespace {

constexpr std::chrono::sys_days kToday = std::chrono::year(2026) / 11 / 21;

void BM_Find(benchmark::State& state) {
  const auto catalog = Catalog::BuiltIn();
  std::string name = "gpt-4o-mini-2024-07-18";
  for (auto _ : state) {
    benchmark::DoNotOptimize(name);
    benchmark::DoNotOptimize(catalog->Find("openai", name));
  }
}
BENCHMARK(BM_Find);

void BM_FindThroughThreeLayers(benchmark::State& state) {
  const auto catalog =
      *(*Catalog::BuiltIn()->With("provider openai\na chat\n"))->With("provider edge\nb chat\n");
  std::string name = "@cf/meta/llama-4-scout-17b-16e-instruct";
  for (auto _ : state) {
    benchmark::DoNotOptimize(name);
    benchmark::DoNotOptimize(catalog->Find("cloudflare", name));
  }
}
BENCHMARK(BM_FindThroughThreeLayers);

void BM_CostOf(benchmark::State& state) {
  const Model& model = *Catalog::BuiltIn()->Find("openai", "gpt-5.4");
  chat::Usage usage{.input = 12'000, .output = 800, .cached = 8'000, .reasoning = 300};
  for (auto _ : state) {
    benchmark::DoNotOptimize(usage);
    benchmark::DoNotOptimize(model.CostOf(usage, kToday));
  }
}
BENCHMARK(BM_CostOf);

// What the program pays at start, but for the first touch of the text's pages.
void BM_Index(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(Sheet::Index(BuiltInText()));
  }
  state.counters["index_bytes"] = static_cast<double>(Sheet::BuiltIn()->IndexBytes());
  state.counters["text_bytes"] = static_cast<double>(BuiltInText().size());
}
BENCHMARK(BM_Index);

void BM_ReadRow(benchmark::State& state) {
  const std::string row =
      "provider openai\ngpt-x chat context=128000 can=tools from=2026-08-01 "
      "input=2.5 cached=1.25 output=10 input>200k=5 input@batch=1.25\n";
  for (auto _ : state) {
    benchmark::DoNotOptimize(Sheet::Open(row));
  }
}
BENCHMARK(BM_ReadRow);

}  // namespace
}  // namespace signalbox::catalog
