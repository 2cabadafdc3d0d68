// What a request costs before anything is decided about it. Budget: 0.25 us for the small one.
#include <benchmark/benchmark.h>

#include <string>

#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::json {
namespace {

std::string SmallChat() {
  return R"({"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful )"
         R"(assistant that answers briefly."},{"role":"user","content":"Which of the moons of )"
         R"(Jupiter is the largest, and who saw it first?"}],"temperature":0.7,"max_tokens":128,)"
         R"("stream":true,"stream_options":{"include_usage":true},"user":"user-1234"})";
}

std::string Prose(std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += "The quick brown fox jumps over the lazy dog, and nobody knows why it does so. ";
  }
  text.resize(size);
  return text;
}

std::string LongPrompt(const std::string& prompt) {
  std::string out;
  Writer(out)
      .BeginObject()
      .Key("model")
      .String("gpt-4o")
      .Key("messages")
      .BeginArray()
      .BeginObject()
      .Key("role")
      .String("user")
      .Key("content")
      .String(prompt)
      .EndObject()
      .EndArray()
      .EndObject();
  return out;
}

void WriteTool(Writer& w, int number) {
  w.BeginObject().Key("type").String("function").Key("function").BeginObject();
  w.Key("name").String("tool_" + std::to_string(number)).Key("description").String(Prose(400));
  w.Key("parameters").BeginObject().Key("type").String("object").Key("properties").BeginObject();
  for (int i = 0; i < 12; ++i) {
    w.Key("property_" + std::to_string(i)).BeginObject().Key("type").String("string");
    w.Key("description").String(Prose(90)).EndObject();
  }
  w.EndObject().Key("required").BeginArray().String("property_0").String("property_1").EndArray();
  w.EndObject().EndObject().EndObject();
}

// 300 messages and 60 tools, about 2 MB; every fifth message is code with many escapes.
std::string Agent() {
  std::string code;
  for (int i = 0; i < 150; ++i) {
    code += "\tif (name == \"value\") {\n\t\treturn \"C:\\\\path\";\n\t}\n";
  }
  std::string out;
  Writer w(out);
  w.BeginObject().Key("model").String("gpt-4o").Key("messages").BeginArray();
  for (int i = 0; i < 300; ++i) {
    w.BeginObject().Key("role").String(i % 2 == 0 ? "user" : "assistant");
    w.Key("content").String(i % 5 == 0 ? code : Prose(5600)).EndObject();
  }
  w.EndArray().Key("tools").BeginArray();
  for (int i = 0; i < 60; ++i) {
    WriteTool(w, i);
  }
  w.EndArray().EndObject();
  return out;
}

std::string WideObject(int members) {
  std::string out;
  Writer w(out);
  w.BeginObject();
  for (int i = 0; i < members; ++i) {
    w.Key("key" + std::to_string(i)).Int(i);
  }
  w.EndObject();
  return out;
}

void Parse(benchmark::State& state, const std::string& text) {
  Document document;
  for (auto _ : state) {
    const auto status = document.Parse(text);
    benchmark::DoNotOptimize(status.has_value());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.counters["bytes"] = static_cast<double>(text.size());
}

std::string Spaced(std::string text) {
  std::string out;
  for (const char c : text) {
    out += c;
    out += c == ',' || c == ':' ? " " : "";
  }
  return out;
}

void FindFields(benchmark::State& state) {
  const std::string text = SmallChat();
  Document document;
  for (auto _ : state) {
    benchmark::DoNotOptimize(document.Parse(text).has_value());
    const Value root = document.Root();
    benchmark::DoNotOptimize(root.Find("model")->Raw());
    benchmark::DoNotOptimize(root.Find("stream")->AsBool());
    benchmark::DoNotOptimize(root.Find("absent").has_value());
  }
}

void WritePrompt(benchmark::State& state) {
  const std::string prompt = Prose(500'000);
  std::string out;
  for (auto _ : state) {
    out.clear();
    AppendQuoted(out, prompt);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(prompt.size()));
}

std::string Umlauts(std::string text) {
  for (std::size_t at = 60; at + 1 < text.size(); at += 97) {
    text.replace(at, 2, "\xc3\xa4");
  }
  return text;
}

BENCHMARK_CAPTURE(Parse, SmallChat, SmallChat());
BENCHMARK_CAPTURE(Parse, SmallChatSpaced, Spaced(SmallChat()));
BENCHMARK_CAPTURE(Parse, Prompt500K, LongPrompt(Prose(500'000)));
BENCHMARK_CAPTURE(Parse, Prompt500KNotAscii, LongPrompt(Umlauts(Prose(500'000))));
BENCHMARK_CAPTURE(Parse, Agent300Messages60Tools, Agent());
BENCHMARK_CAPTURE(Parse, Object12Keys, WideObject(12));
BENCHMARK_CAPTURE(Parse, Object40Keys, WideObject(40));
BENCHMARK_CAPTURE(Parse, Object1MKeys, WideObject(1'000'000))->Unit(benchmark::kMillisecond);
BENCHMARK(FindFields);
BENCHMARK(WritePrompt);

}  // namespace
}  // namespace signalbox::json
