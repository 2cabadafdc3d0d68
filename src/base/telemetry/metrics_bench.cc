#include <benchmark/benchmark.h>

#include "base/telemetry/log_line.h"
#include "base/telemetry/metrics.h"

namespace signalbox::telemetry {
namespace {

void CounterAdd(benchmark::State& state) {
  Registry registry(2);
  Cell& cell = registry.Add({.name = "requests_total", .help = "Requests."}).Child(0, {});
  for (auto _ : state) {
    cell.Add(1);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(CounterAdd);

void HistogramObserve(benchmark::State& state) {
  Registry registry(2);
  Family& family = registry.Add(
      {.name = "duration_seconds",
       .help = "Durations.",
       .kind = MetricKind::kHistogram,
       .bounds = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}});
  Histogram& histogram = family.HistogramChild(0, {});
  double value = 0;
  for (auto _ : state) {
    histogram.Observe(value);
    value = value > 70 ? 0 : value + 0.01;
  }
}
BENCHMARK(HistogramObserve);

void ChildLookUp(benchmark::State& state) {
  Registry registry(2);
  Family& family =
      registry.Add({.name = "tokens_total", .help = "Tokens.", .labels = {"provider", "model"}});
  const std::string_view labels[] = {"openai", "gpt-4o-mini"};
  for (auto _ : state) {
    benchmark::DoNotOptimize(&family.Child(0, labels));
  }
}
BENCHMARK(ChildLookUp);

void JsonLineOfFourFields(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        JsonLine(core::WallTime(), Level::kInfo, "listening",
                 {{"address", "127.0.0.1:8080"}, {"workers", 2}, {"fill", 0.25}, {"tls", false}}));
  }
}
BENCHMARK(JsonLineOfFourFields);

}  // namespace
}  // namespace signalbox::telemetry
