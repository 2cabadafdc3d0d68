// What framing costs per message. Budgets: request head of ten fields 400 ns, event 50 ns.
#include <benchmark/benchmark.h>

#include <string>

#include "io/net/chunked.h"
#include "io/net/http_head.h"
#include "io/net/sse.h"

namespace signalbox::net {
namespace {

constexpr std::string_view kRequest =
    "POST /v1/chat/completions HTTP/1.1\r\n"
    "Host: 127.0.0.1:8080\r\n"
    "Accept: application/json\r\n"
    "Content-Type: application/json\r\n"
    "User-Agent: OpenAI/Python 1.66.3\r\n"
    "X-Stainless-Lang: python\r\n"
    "X-Stainless-Package-Version: 1.66.3\r\n"
    "Authorization: Bearer sb_0123456789abcdef_0123456789abcdef0123456789abcdef\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Connection: keep-alive\r\n"
    "Content-Length: 1234\r\n\r\n";

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\n"
    "Date: Sat, 21 Nov 2026 01:43:38 GMT\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 1234\r\n"
    "Connection: keep-alive\r\n"
    "openai-processing-ms: 512\r\n"
    "x-ratelimit-remaining-requests: 9999\r\n"
    "x-request-id: 0123456789abcdef0123456789abcdef\r\n"
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
    "Server: upstream\r\n\r\n";

void RequestHeadOfTenFields(benchmark::State& state) {
  RequestHead head;
  for (auto _ : state) {
    std::size_t scanned = 0;
    HeadResult result = ParseRequestHead(kRequest, {}, scanned, head);
    benchmark::DoNotOptimize(result);
    benchmark::DoNotOptimize(head.content_length);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kRequest.size()));
}
BENCHMARK(RequestHeadOfTenFields);

// One byte more at each look, as a slow sender would have it.
void RequestHeadDripped(benchmark::State& state) {
  RequestHead head;
  for (auto _ : state) {
    std::size_t scanned = 0;
    for (std::size_t size = 1; size <= kRequest.size(); ++size) {
      HeadResult result = ParseRequestHead(kRequest.substr(0, size), {}, scanned, head);
      benchmark::DoNotOptimize(result);
    }
  }
}
BENCHMARK(RequestHeadDripped);

void AnswerHeadOfNineFields(benchmark::State& state) {
  AnswerHead head;
  for (auto _ : state) {
    std::size_t scanned = 0;
    HeadResult result = ParseAnswerHead(kAnswer, {}, scanned, false, head);
    benchmark::DoNotOptimize(result);
    benchmark::DoNotOptimize(head.content_length);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kAnswer.size()));
}
BENCHMARK(AnswerHeadOfNineFields);

// range(0): bytes of a chunk; ten chunks in one read. Per chunk: items.
void DecodeChunks(benchmark::State& state) {
  char line[kChunkLineSize];
  const auto size = static_cast<std::size_t>(state.range(0));
  std::string text;
  for (int i = 0; i < 10; ++i) {
    text += ChunkLine(size, line);
    text += std::string(size, 'x') + "\r\n";
  }
  for (auto _ : state) {
    ChunkedDecoder decoder;
    std::string_view rest = text;
    while (!rest.empty()) {
      const ChunkedDecoder::Step step = decoder.Next(rest);
      benchmark::DoNotOptimize(step.data.data());
      rest.remove_prefix(step.consumed);
    }
  }
  state.SetItemsProcessed(state.iterations() * 10);
}
BENCHMARK(DecodeChunks)->Arg(200)->Arg(16 * 1024);

// range(0): bytes of an event; range(1): events in one read. Per event: items.
void ReadEvents(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  std::string text;
  for (int i = 0; i < state.range(1); ++i) {
    text += "data: {\"choices\":[" + std::string(size - 26, 'x') + "]}\n\n";
  }
  SseReader reader;
  SseEvent event;
  for (auto _ : state) {
    reader.Feed(text);
    while (reader.Next(event)) benchmark::DoNotOptimize(event.data.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK(ReadEvents)->Args({200, 1})->Args({200, 10})->Args({4096, 1});

// Each event in two pieces: the way with a copy.
void ReadEventsCutInTwo(benchmark::State& state) {
  const std::string text = "data: {\"choices\":[" + std::string(174, 'x') + "]}\n\n";
  SseReader reader;
  SseEvent event;
  for (auto _ : state) {
    reader.Feed(std::string_view(text).substr(0, 100));
    bool found = reader.Next(event);
    reader.Feed(std::string_view(text).substr(100));
    found = reader.Next(event);
    benchmark::DoNotOptimize(found);
    found = reader.Next(event);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ReadEventsCutInTwo);

}  // namespace
}  // namespace signalbox::net
