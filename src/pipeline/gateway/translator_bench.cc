// Requests and answers from one dialect into another: how long it takes, how much is held at once,
// how often memory is asked for.
//
// The bars: a request of 2 MB with 300 messages and 60 tools in at most 10 ms, holding at most four
// times its size; a translated call in at most 1.4 times the CPU of one that is passed on, of which
// the small ones here are the part that is translation.
#include "pipeline/gateway/translator.h"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdlib>
#include <new>

#include "base/json/writer.h"
#include "vendors/dialects/dialects.h"

namespace {

// What is held now, the most of it since the last reset, and how often it was asked for: this
// program has one thread.
std::size_t held = 0;
std::size_t most = 0;
std::size_t times = 0;

void* Take(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) {
    std::abort();
  }
  held += malloc_usable_size(memory);
  ++times;
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

constexpr std::string_view kSystem = "You are a careful, brief assistant.";
constexpr std::string_view kQuestion =
    "In two sentences, explain why a signal box locks its levers against each other.";

// A question and the answer to it, there and back.
void SmallCall(benchmark::State& state, const char* from, const char* to) {
  const wire::Dialect& source = *dialects::Find(from);
  const wire::Dialect& target = *dialects::Find(to);
  chat::Request request{.dialect = "bench", .model = "m"};
  request.sampling.max_output_tokens = 300;
  for (const auto& [role, text] :
       {std::pair(chat::Role::kSystem, kSystem), std::pair(chat::Role::kUser, kQuestion)}) {
    request.messages.push_back({.role = role});
    request.messages.back().parts.push_back(
        {.content = chat::Text{.text = std::string(text), .citations = {}}});
  }
  chat::Response response{.dialect = "bench", .id = "answer_1", .model = "m"};
  response.choices.emplace_back().finish = chat::FinishReason::kStop;
  response.choices.back().parts.push_back(
      {.content = chat::Text{.text = Words(1200, 1), .citations = {}}});
  response.usage.emplace().tokens = {.input = 28, .output = 240};
  const std::string asked = source.RenderRequest(request, {})->body;
  const std::string answered = target.RenderAnswer(response);
  const request::Call call{.dialect = &source, .body = asked};
  Translator translator;
  json::Document body;
  json::Document answer;
  const std::size_t before = times;
  for (auto _ : state) {
    translator.Clear();
    (void)body.Parse(asked);
    auto there = translator.Request(body.Root(), call, target, {.model = "m"});
    (void)answer.Parse(answered, {.unique_keys = false});
    auto back = translator.Answer(answer.Root(), call, target, {.model = "m"});
    benchmark::DoNotOptimize(there);
    benchmark::DoNotOptimize(back);
    if (!there || !back) {
      state.SkipWithError("not translated");
    }
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(times - before), benchmark::Counter::kAvgIterations);
}

BENCHMARK_CAPTURE(SmallCall, anthropic_to_openai, "anthropic", "openai_chat");
BENCHMARK_CAPTURE(SmallCall, openai_to_anthropic, "openai_chat", "anthropic");
BENCHMARK_CAPTURE(SmallCall, openai_to_gemini, "openai_chat", "gemini");

}  // namespace
}  // namespace signalbox::gateway
