// What a translation costs: a frame in, a frame out, a request of 2 MB, a bill.
#include <benchmark/benchmark.h>

#include <string>

#include "vendors/dialects/anthropic/dialect.h"

namespace signalbox::anthropic {
namespace {

const std::string kFrame =
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
    "{\"type\":\"text_delta\",\"text\":\" stations of the line\"}}\n\n";

void ParseFrame(benchmark::State& state) {
  const auto parser = TheDialect().NewStreamParser();
  chat::EventBatch events;
  parser->Feed(
      "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
      "\"text\":\"\"}}\n\n");
  while (*parser->Next(events)) {
  }
  for (auto _ : state) {
    events.clear();
    parser->Feed(kFrame);
    while (*parser->Next(events)) {
    }
    benchmark::DoNotOptimize(events);
  }
}
BENCHMARK(ParseFrame);

void RenderFrame(benchmark::State& state) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  const chat::EventBatch events = {{0, chat::TextDelta{" stations of the line"}}};
  std::string out;
  for (auto _ : state) {
    out.clear();
    renderer->Render(events, out);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(RenderFrame);

// 300 messages, 60 tools, 2 MB.
chat::Request LargeRequest() {
  chat::Request request;
  request.dialect = "elsewhere";
  request.model = "claude-sonnet-4-5";
  for (int i = 0; i < 60; ++i) {
    chat::Tool tool;
    tool.name = "tool_" + std::to_string(i);
    tool.parameters = R"({"type":"object","properties":{"q":{"type":"string"}}})";
    request.tools.push_back(std::move(tool));
  }
  const std::string text(7000, 'x');
  for (int i = 0; i < 300; ++i) {
    const chat::Role role = i % 2 == 0 ? chat::Role::kUser : chat::Role::kAssistant;
    request.messages.push_back({.role = role, .parts = {{.content = chat::Text{text, {}}}}});
  }
  return request;
}

void RenderLargeRequest(benchmark::State& state) {
  const chat::Request request = LargeRequest();
  for (auto _ : state) {
    benchmark::DoNotOptimize(TheDialect().RenderRequest(request, {}));
  }
}
BENCHMARK(RenderLargeRequest);

void ParseLargeRequest(benchmark::State& state) {
  const std::string body = TheDialect().RenderRequest(LargeRequest(), {})->body;
  json::Document document;
  (void)document.Parse(body);
  for (auto _ : state) {
    benchmark::DoNotOptimize(TheDialect().ParseRequest(document.Root()));
  }
}
BENCHMARK(ParseLargeRequest);

void ReadBill(benchmark::State& state) {
  const std::string answer =
      R"({"id":"msg_1","content":[{"type":"text","text":")" + std::string(2000, 'x') +
      R"("}],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":5,)"
      R"("output_tokens":3,"service_tier":"standard"}})";
  json::Document document;
  for (auto _ : state) {
    benchmark::DoNotOptimize(TheDialect().ReadBill(answer, document));
  }
}
BENCHMARK(ReadBill);

}  // namespace
}  // namespace signalbox::anthropic
