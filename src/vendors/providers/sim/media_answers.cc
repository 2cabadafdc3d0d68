#include "vendors/providers/sim/media_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/core/base64.h"
#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/providers/sim/script_run.h"
#include "vendors/providers/sim/tokens.h"

namespace signalbox::sim {
namespace {

using json::Value;

struct Category {
  std::string_view name;
  std::string_view word;  // that is flagged; empty: never
};
constexpr Category kCategories[] = {
    {"harassment", "harass"}, {"harassment/threatening", ""}, {"hate", "hate"},
    {"hate/threatening", ""}, {"illicit", "steal"},           {"illicit/violent", ""},
    {"self-harm", "suicide"}, {"self-harm/intent", ""},       {"self-harm/instructions", ""},
    {"sexual", "sex"},        {"sexual/minors", ""},          {"violence", "kill"},
    {"violence/graphic", ""},
};
constexpr std::size_t kSamplesPerByte = 80;
constexpr std::size_t kMostSamples = 1024 * 1024;
constexpr std::int64_t kTokensPerPicture = 16;
constexpr std::uint64_t kBytesPerSecond = 16'000;  // of a file, as the transcript takes it

std::unexpected<core::Error> Wrong(std::string_view param, std::string_view expected) {
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    fmt::format("{}: {} was expected", param, expected), std::string(param));
}

std::string Member(const Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsString().value_or("") : std::string();
}

bool IsFlagged(const std::string& text, const Category& category) {
  return !category.word.empty() && text.find(category.word) != text.npos;
}

void WriteVerdict(std::string text, json::Writer& out) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto flagged = [&](const Category& category) { return IsFlagged(text, category); };
  out.BeginObject().Key("flagged").Bool(std::ranges::any_of(kCategories, flagged));
  out.Key("categories").BeginObject();
  for (const Category& category : kCategories) {
    out.Key(category.name).Bool(flagged(category));
  }
  out.EndObject().Key("category_scores").BeginObject();
  for (const Category& category : kCategories) {
    out.Key(category.name).Double(flagged(category) ? 0.98 : 0.0001);
  }
  out.EndObject().Key("category_applied_input_types").BeginObject();
  for (const Category& category : kCategories) {
    out.Key(category.name).BeginArray().String("text").EndArray();
  }
  out.EndObject().EndObject();
}

// Texts that are judged one by one; parts of one input are judged together.
std::vector<std::string> InputsOf(const Value& input) {
  if (!input.IsArray()) {
    return {input.AsString().value_or("")};
  }
  std::vector<std::string> out;
  bool parts = false;
  json::ForEachElement(input, [&](const Value& each) {
    if (!each.IsObject()) {
      out.push_back(each.AsString().value_or(""));
      return;
    }
    if (!parts) {
      out.emplace_back();
    }
    parts = true;
    out.back() += Member(each, "text") + "\n";
  });
  return out;
}

void WriteUsage(std::int64_t input, std::int64_t output, std::string_view type, json::Writer& out) {
  out.Key("usage").BeginObject();
  if (!type.empty()) {
    out.Key("type").String(type);
  }
  out.Key("input_tokens").Int(input).Key("output_tokens").Int(output);
  out.Key("total_tokens").Int(input + output);
}

std::string Event(const std::string& json) {
  std::string out;
  net::AppendSseEvent(out, "", json);
  return out;
}

// The words of a transcript as events of their own.
std::string TranscriptEvents(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at + 1), text.size());
    std::string delta;
    json::Writer(delta)
        .BeginObject()
        .Key("type")
        .String("transcript.text.delta")
        .Key("delta")
        .String(text.substr(at, end - at))
        .EndObject();
    out += Event(delta);
    at = end;
  }
  std::string done;
  json::Writer writer(done);
  writer.BeginObject().Key("type").String("transcript.text.done").Key("text").String(text);
  WriteUsage(CountTokens(text), CountTokens(text), "tokens", writer);
  writer.EndObject().EndObject();
  return out + Event(done);
}

}  // namespace

std::string TextOf(const Value& request) {
  if (const auto prompt = request.Find("prompt")) {
    return prompt->AsString().value_or("");
  }
  const auto input = request.Find("input");
  const std::vector<std::string> inputs = input ? InputsOf(*input) : std::vector<std::string>{};
  return inputs.empty() ? std::string() : inputs.front();
}

core::Result<MediaAnswer> AnswerModeration(const Value& request, std::string_view id) {
  const auto input = request.Find("input");
  if (!input || (!input->IsString() && !input->IsArray())) {
    return Wrong("input", "a text or a list");
  }
  MediaAnswer answer;
  json::Writer out(answer.body);
  out.BeginObject().Key("id").String(fmt::format("modr-{}", id));
  out.Key("model").String(Member(request, "model")).Key("results").BeginArray();
  for (std::string& text : InputsOf(*input)) {
    WriteVerdict(std::move(text), out);
  }
  out.EndArray().EndObject();
  return answer;
}

core::Result<MediaAnswer> AnswerImages(const Value& request, std::int64_t created) {
  const std::string prompt = Member(request, "prompt");
  if (prompt.empty()) {
    return Wrong("prompt", "a text");
  }
  const auto n = request.Find("n");
  const std::int64_t count = n && !n->IsNull() ? n->AsInt().value_or(0) : 1;
  if (count < 1 || count > 10) {
    return Wrong("n", "a number from 1 to 10");
  }
  const bool by_url = Member(request, "response_format") == "url";
  MediaAnswer answer;
  json::Writer out(answer.body);
  out.BeginObject().Key("created").Int(created).Key("data").BeginArray();
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t draw = HashText(prompt, static_cast<std::uint64_t>(i));
    const std::string png =
        core::ToBase64(MakePng(8, 8, static_cast<std::uint32_t>(draw & 0xFFFFFFU)));
    out.BeginObject();
    by_url ? out.Key("url").String("data:image/png;base64," + png)
           : out.Key("b64_json").String(png);
    out.EndObject();
  }
  out.EndArray();
  const std::int64_t tokens = CountTokens(prompt);
  WriteUsage(tokens, count * kTokensPerPicture, "", out);
  out.Key("input_tokens_details").BeginObject();
  out.Key("text_tokens").Int(tokens).Key("image_tokens").Int(0).EndObject();
  out.EndObject().EndObject();
  return answer;
}

core::Result<MediaAnswer> AnswerSpeech(const Value& request) {
  const std::string input = Member(request, "input");
  if (input.empty()) {
    return Wrong("input", "a text");
  }
  std::string wav = MakeWav(std::min(input.size() * kSamplesPerByte, kMostSamples));
  if (Member(request, "stream_format") != "sse") {
    return MediaAnswer{"audio/wav", std::move(wav)};
  }
  std::string delta;
  json::Writer(delta)
      .BeginObject()
      .Key("type")
      .String("speech.audio.delta")
      .Key("audio")
      .String(core::ToBase64(wav))
      .EndObject();
  std::string done;
  json::Writer writer(done);
  writer.BeginObject().Key("type").String("speech.audio.done");
  WriteUsage(CountTokens(input), static_cast<std::int64_t>(input.size()), "", writer);
  writer.EndObject().EndObject();
  return MediaAnswer{"text/event-stream", Event(delta) + Event(done)};
}

core::Result<MediaAnswer> AnswerTranscription(const FormSummary& form) {
  if (!form.has_file()) {
    return Wrong("file", "a file");
  }
  const std::string text =
      fmt::format("The file {} has {} bytes.", form.file_name(), form.file_bytes());
  const std::uint64_t seconds = (form.file_bytes() + kBytesPerSecond - 1) / kBytesPerSecond;
  const std::string_view format = form.Get("response_format");
  if (form.Get("stream") == "true") {
    return MediaAnswer{"text/event-stream", TranscriptEvents(text)};
  }
  if (format == "text") {
    return MediaAnswer{"text/plain; charset=utf-8", text + "\n"};
  }
  if (format == "srt") {
    return MediaAnswer{"text/plain; charset=utf-8",
                       fmt::format("1\n00:00:00,000 --> 00:00:01,000\n{}\n\n", text)};
  }
  if (format == "vtt") {
    return MediaAnswer{"text/vtt; charset=utf-8",
                       fmt::format("WEBVTT\n\n00:00.000 --> 00:01.000\n{}\n\n", text)};
  }
  MediaAnswer answer;
  json::Writer out(answer.body);
  out.BeginObject().Key("text").String(text);
  if (format == "verbose_json") {
    out.Key("language").String("english").Key("duration").Double(static_cast<double>(seconds));
    out.Key("segments").BeginArray().EndArray();
  }
  out.Key("usage").BeginObject().Key("type").String("duration");
  out.Key("seconds").Uint(seconds).EndObject().EndObject();
  return answer;
}

}  // namespace signalbox::sim
