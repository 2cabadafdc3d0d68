#include <benchmark/benchmark.h>

#include <string>

#include "vendors/providers/sim/schema_sample.h"
#include "vendors/providers/sim/sim_service.h"
#include "vendors/providers/sim/tokens.h"

namespace signalbox::sim {
namespace {

std::size_t Drain(SimService& service, const ServiceRequest& request) {
  const ServiceAnswer answer = service.Handle(request);
  std::size_t bytes = 0;
  for (;;) {
    const auto step = answer.body->Next(std::chrono::hours(1));
    if (step.kind != BodyStream::Step::Kind::kBytes) {
      return bytes;
    }
    bytes += step.bytes.size();
  }
}

void Serve(benchmark::State& state, std::string_view path, const std::string& body) {
  ScriptRun run(Script{});
  SimService service(run);
  const ServiceRequest request{
      .method = "POST", .path = path, .body = body, .headers = {}, .now = {}, .wall_now = {}};
  for (auto _ : state) {
    benchmark::DoNotOptimize(Drain(service, request));
  }
  state.SetItemsProcessed(state.iterations());
}

std::string Chat(std::string_view model, std::size_t words, bool stream) {
  std::string body = R"({"model":")" + std::string(model) + R"(","stream":)" +
                     (stream ? "true" : "false") + R"(,"messages":[{"role":"user","content":")";
  for (std::size_t i = 0; i < words; ++i) {
    body += " word";
  }
  return body + "\"}]}";
}

void BM_Echo(benchmark::State& state) {
  Serve(state, "/chat/completions", Chat("echo", 20, false));
}
BENCHMARK(BM_Echo);

void BM_EchoStreamed(benchmark::State& state) {
  Serve(state, "/chat/completions", Chat("echo", 20, true));
}
BENCHMARK(BM_EchoStreamed);

void BM_EchoStreamedThousandTokens(benchmark::State& state) {
  Serve(state, "/chat/completions", Chat("echo", 1000, true));
}
BENCHMARK(BM_EchoStreamedThousandTokens);

void BM_Canned(benchmark::State& state) {
  Serve(state, "/chat/completions", Chat("auto", 20, false));
}
BENCHMARK(BM_Canned);

void BM_Embedding(benchmark::State& state) {
  Serve(state, "/embeddings", R"({"model":"embed","input":"a short text about signals"})");
}
BENCHMARK(BM_Embedding);

void BM_CountTokens(benchmark::State& state) {
  const std::string text = Chat("echo", 1000, false);
  for (auto _ : state) {
    benchmark::DoNotOptimize(CountTokens(text));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_CountTokens);

}  // namespace
}  // namespace signalbox::sim
