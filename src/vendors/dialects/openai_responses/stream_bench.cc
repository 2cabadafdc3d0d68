// One frame of a stream: parsed, and told again in the same dialect and in another's stead.
// Budget: 1 µs a frame for the way through.
#include <benchmark/benchmark.h>

#include <string>

#include "io/net/sse.h"
#include "vendors/dialects/openai_responses/dialect.h"

namespace signalbox::openai_responses {
namespace {

constexpr int kFrames = 1000;

std::string Stream() {
  std::string stream;
  const auto add = [&](std::string_view type, std::string_view rest) {
    std::string frame = std::string(R"({"type":")").append(type).append(R"(",)");
    net::AppendSseEvent(stream, type, frame.append(rest));
  };
  add("response.created", R"("sequence_number":0,"response":{"id":"resp_1","object":"response",)"
                          R"("created_at":1,"status":"in_progress","model":"m","output":[]}})");
  add("response.output_item.added",
      R"("sequence_number":1,"output_index":0,"item":{"id":"msg_0ca3f598125653cf01693c1f","type":)"
      R"("message","status":"in_progress","role":"assistant","content":[]}})");
  for (int i = 0; i < kFrames; ++i) {
    add("response.output_text.delta",
        R"("sequence_number":2,"item_id":"msg_0ca3f598125653cf01693c1f","output_index":0,)"
        R"("content_index":0,"delta":" tokens","logprobs":[],"obfuscation":"x8dKq2bWm"})");
  }
  return stream;
}

void Parse(benchmark::State& state) {
  const std::string stream = Stream();
  for (auto _ : state) {
    const auto parser = TheDialect().NewStreamParser();
    parser->Feed(stream);
    chat::EventBatch events;
    while (*parser->Next(events)) {
      benchmark::DoNotOptimize(events);
      events.clear();
    }
  }
  state.SetItemsProcessed(state.iterations() * kFrames);
}
BENCHMARK(Parse);

void ParseAndRender(benchmark::State& state) {
  const std::string stream = Stream();
  for (auto _ : state) {
    const auto parser = TheDialect().NewStreamParser();
    const auto renderer = TheDialect().NewStreamRenderer(state.range(0) != 0, {});
    parser->Feed(stream);
    std::string out;
    chat::EventBatch events;
    while (*parser->Next(events)) {
      renderer->Render(events, out);
      events.clear();
      out.clear();
    }
  }
  state.SetItemsProcessed(state.iterations() * kFrames);
}
BENCHMARK(ParseAndRender)->Arg(0)->Arg(1);

}  // namespace
}  // namespace signalbox::openai_responses
