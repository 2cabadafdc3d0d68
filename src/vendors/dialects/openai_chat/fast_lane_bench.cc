// The costs that a request and a frame pay here.
#include <benchmark/benchmark.h>

#include <string>

#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/stream_parser.h"

namespace signalbox::openai_chat {
namespace {

// About 300 bytes.
const std::string kRequest =
    R"({"model":"edge/gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful )"
    R"(assistant that answers briefly."},{"role":"user","content":"How many stations does the )"
    R"(longest line of the Warsaw underground have, and which one is the deepest?"}],)"
    R"("temperature":0.7,"max_tokens":128,"stream":true})";

// About 200 bytes.
const std::string kFrame =
    R"({"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz123","object":"chat.completion.chunk",)"
    R"("created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":)"
    R"({"content":" stations"},"finish_reason":null}],"usage":null})";

void ReadAndPlan(benchmark::State& state) {
  json::Document document;
  (void)document.Parse(kRequest);
  for (auto _ : state) {
    auto envelope = ReadEnvelope(document, chat::Operation::kChat);
    chat::EditList edits;
    PlanEdits(*envelope, "gpt-4o-mini", true, edits);
    benchmark::DoNotOptimize(edits);
  }
}
BENCHMARK(ReadAndPlan);

void ReadAlone(benchmark::State& state) {
  json::Document document;
  (void)document.Parse(kRequest);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ReadEnvelope(document, chat::Operation::kChat));
  }
}
BENCHMARK(ReadAlone);

void ObserveFrame(benchmark::State& state) {
  StreamObserver observer;
  for (auto _ : state) {
    benchmark::DoNotOptimize(observer.Observe(kFrame));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kFrame.size()));
}
BENCHMARK(ObserveFrame);

void ObserveUsage(benchmark::State& state) {
  const std::string frame =
      R"({"id":"c","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":200,)"
      R"("total_tokens":210,"prompt_tokens_details":{"cached_tokens":0}}})";
  StreamObserver observer;
  for (auto _ : state) {
    benchmark::DoNotOptimize(observer.Observe(frame));
  }
}
BENCHMARK(ObserveUsage);

void ParseFrame(benchmark::State& state) {
  StreamParser parser;
  chat::EventBatch events;
  for (auto _ : state) {
    events.clear();
    benchmark::DoNotOptimize(parser.Parse("", kFrame, events));
  }
}
BENCHMARK(ParseFrame);

// A conversation of 2 MB in messages of 4 KB.
std::string LongRequest() {
  std::string body = R"({"model":"m","messages":[)";
  const std::string text(4000, 'x');
  for (int i = 0; i < 512; ++i) {
    body += i == 0 ? "" : ",";
    body += R"({"role":"user","content":[{"type":"text","text":")" + text + R"("}]})";
  }
  return body + "]}";
}

void ParseLongRequest(benchmark::State& state) {
  const std::string body = LongRequest();
  json::Document document;
  for (auto _ : state) {
    (void)document.Parse(body);
    benchmark::DoNotOptimize(ParseRequest(document.Root()));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(ParseLongRequest);

}  // namespace
}  // namespace signalbox::openai_chat
