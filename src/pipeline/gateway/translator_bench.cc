// A large request from one dialect into another: how long it takes, and how much it holds at once.
//
// The bars: a request of 2 MB with 300 messages and 60 tools in at most 10 ms, holding at most four
// times its size.
#include "pipeline/gateway/translator.h"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdlib>
#include <new>

#include "base/json/writer.h"
#include "vendors/dialects/dialects.h"

namespace {

// What is held now, and the most of it since the last reset: this program has one thread.
std::size_t held = 0;
std::size_t most = 0;

void* Take(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) {
    std::abort();
  }
  held += malloc_usable_size(memory);
  most = std::max(most, held);
  return memory;
}

void Give(void* memory) {
  held -= memory == nullptr ? 0 : malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return Take(size);
}
void operator delete(void* memory) noexcept {
  Give(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  Give(memory);
}

namespace signalbox::gateway {
namespace {

constexpr int kMessages = 300;
constexpr int kTools = 60;
constexpr std::size_t kTextBytes = 6500;

std::string Words(std::size_t bytes, int seed) {
  static constexpr std::string_view kWords[] = {"signal ", "lever ", "the ", "track \\n ",
                                                "locks "};
  std::string text;
  for (std::size_t i = static_cast<std::size_t>(seed); text.size() < bytes; i = i * 7 + 3) {
    text += kWords[i % std::size(kWords)];
  }
  return text;
}

chat::Request LargeRequest() {
  chat::Request request;
  request.dialect = "bench";
  request.model = "m";
  request.sampling.max_output_tokens = 1000;
  for (int i = 0; i < kTools; ++i) {
    chat::Tool tool;
    tool.name = "tool_" + std::to_string(i);
    tool.description = Words(200, i);
    tool.parameters =
        R"({"type":"object","properties":{"path":{"type":"string"},"line":{"type":"integer"}},)"
        R"("required":["path"]})";
    request.tools.push_back(std::move(tool));
  }
  for (int i = 0; i < kMessages; ++i) {
    chat::Message message{.role = i % 2 == 0 ? chat::Role::kUser : chat::Role::kAssistant};
    message.parts.push_back({.content = chat::Text{.text = Words(kTextBytes, i), .citations = {}}});
    request.messages.push_back(std::move(message));
  }
  return request;
}

// `from` and `to` by their places in the arguments.
void Translate(benchmark::State& state, const char* from, const char* to) {
  const wire::Dialect& source = *dialects::Find(from);
  const wire::Dialect& target = *dialects::Find(to);
  const std::string body = source.RenderRequest(LargeRequest(), {})->body;
  const request::Call call{.dialect = &source, .body = body};
  std::size_t peak = 0;
  for (auto _ : state) {
    const std::size_t before = held;
    most = held;
    {
      Translator translator;
      json::Document fresh;
      (void)fresh.Parse(body);
      auto translated = translator.Request(fresh.Root(), call, target, {.model = "m"});
      benchmark::DoNotOptimize(translated);
      if (!translated) {
        state.SkipWithError(translated.error().message.c_str());
      }
    }
    peak = std::max(peak, most - before);
  }
  state.counters["body_bytes"] = static_cast<double>(body.size());
  state.counters["held_over_body"] = static_cast<double>(peak) / static_cast<double>(body.size());
}

BENCHMARK_CAPTURE(Translate, anthropic_to_openai, "anthropic", "openai_chat")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Translate, openai_to_anthropic, "openai_chat", "anthropic")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Translate, openai_to_gemini, "openai_chat", "gemini")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Translate, gemini_to_openai, "gemini", "openai_chat")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Translate, openai_to_bedrock, "openai_chat", "bedrock")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Translate, openai_to_responses, "openai_chat", "openai_responses")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace signalbox::gateway
