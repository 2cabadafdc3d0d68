// Budget: 50 MB/s for prose, 20 MB/s for Chinese, 5 MB/s for one endless word, 80 MB/s for
// estimates.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>

#include "vendors/tokens/estimate.h"
#include "vendors/tokens/text.h"

namespace signalbox::tokens {
namespace {

std::string Prose() {
  std::ifstream file(SB_SOURCE_DIR "/docs/architecture.md");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.empty() ? std::string(8192, 'x') : text;
}

std::string Repeated(std::string_view unit) {
  std::string text;
  while (text.size() < (64 << 10)) {
    text += unit;
  }
  return text;
}

void Measure(benchmark::State& state, Encoding encoding, const std::string& text) {
  const auto vocabulary = Vocabulary::Open(SB_VOCABULARY);
  if (!vocabulary) {
    return state.SkipWithError("no vocabulary in this build");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(CountText(*vocabulary, encoding, text));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size() * state.iterations()));
}

void BM_CountProse(benchmark::State& state) {
  Measure(state, static_cast<Encoding>(state.range(0)), Prose());
}
BENCHMARK(BM_CountProse)->Arg(0)->Arg(1);

void BM_CountChinese(benchmark::State& state) {
  Measure(state, Encoding::kO200k,
          Repeated("人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心。"));
}
BENCHMARK(BM_CountChinese);

void BM_CountOneLetter(benchmark::State& state) {
  Measure(state, Encoding::kO200k, std::string(static_cast<std::size_t>(state.range(0)), 'a'));
}
BENCHMARK(BM_CountOneLetter)->Arg(1 << 10)->Arg(1 << 15)->Arg(1 << 20);

void BM_EstimateProse(benchmark::State& state) {
  const std::string text = Prose();
  for (auto _ : state) {
    benchmark::DoNotOptimize(Estimate(Family::kClaude, text));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size() * state.iterations()));
}
BENCHMARK(BM_EstimateProse);

}  // namespace
}  // namespace signalbox::tokens
