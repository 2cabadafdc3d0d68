#include <charconv>

#include "base/json/writer.h"
#include "vendors/dialects/gemini/base64.h"
#include "vendors/dialects/gemini/media.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/usage_form.h"
#include "vendors/dialects/wire/sound.h"

namespace signalbox::gemini {
namespace {

using core::ErrorCode;
using core::Result;
using json::Value;

constexpr std::uint32_t kUsualRate = 24'000;
constexpr std::uint32_t kBytesPerSample = 2;

// "audio/L16;codec=pcm;rate=24000"
std::uint32_t RateOf(std::string_view media_type) {
  constexpr std::string_view kRate = "rate=";
  const std::size_t at = media_type.find(kRate);
  std::uint32_t rate = 0;
  if (at != media_type.npos) {
    const std::string_view digits = media_type.substr(at + kRate.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), rate);
  }
  return rate == 0 || rate > 384'000 ? kUsualRate : rate;
}

void AppendLittle(std::uint32_t value, std::size_t bytes, std::string& out) {
  for (std::size_t i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xFFU);
  }
}

// RIFF WAVE, one channel of 16-bit PCM.
std::string Wav(std::string_view samples, std::uint32_t rate) {
  std::string out;
  out.reserve(samples.size() + 44);
  const auto size = static_cast<std::uint32_t>(samples.size());
  out += "RIFF";
  AppendLittle(size + 36, 4, out);
  out += "WAVEfmt ";
  AppendLittle(16, 4, out);
  AppendLittle(1, 2, out);  // PCM
  AppendLittle(1, 2, out);  // channels
  AppendLittle(rate, 4, out);
  AppendLittle(rate * kBytesPerSample, 4, out);
  AppendLittle(kBytesPerSample, 2, out);
  AppendLittle(8 * kBytesPerSample, 2, out);
  out += "data";
  AppendLittle(size, 4, out);
  out += samples;
  return out;
}

// The first sound of the first candidate.
std::optional<Value> SoundIn(const Value& body) {
  const auto candidates = Find(body, "candidates");
  const auto first = candidates && candidates->IsArray() ? candidates->FirstChild() : std::nullopt;
  const auto content = first ? Find(*first, "content") : std::nullopt;
  const auto parts = content ? Find(*content, "parts") : std::nullopt;
  if (!parts || !parts->IsArray()) {
    return std::nullopt;
  }
  for (auto part = parts->FirstChild(); part; part = part->NextIn(*parts)) {
    if (auto data = Find(*part, "inlineData")) {
      return data;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<wire::RenderedRequest> RenderSpeechRequest(const chat::SpeechRequest& request) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckSpeech(request, "Gemini", rendered.dropped));
  const std::string& format = request.response_format;
  if (!format.empty() && format != "wav" && format != "pcm") {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "response_format: Gemini makes wav (which it is without one) and pcm",
                      "response_format");
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("contents").BeginArray().BeginObject().Key("role").String("user");
  out.Key("parts").BeginArray().BeginObject().Key("text").String(request.input);
  out.EndObject().EndArray().EndObject().EndArray();
  out.Key("generationConfig").BeginObject();
  out.Key("responseModalities").BeginArray().String("AUDIO").EndArray();
  if (wire::IsOpenAisVoice(request.voice)) {
    rendered.dropped.emplace_back("voice");
  } else if (!request.voice.empty()) {
    out.Key("speechConfig").BeginObject().Key("voiceConfig").BeginObject();
    out.Key("prebuiltVoiceConfig").BeginObject().Key("voiceName").String(request.voice);
    out.EndObject().EndObject().EndObject();
  }
  out.EndObject().EndObject();
  return rendered;
}

Result<chat::Sound> ParseSpeechAnswer(const Value& body, const chat::SpeechRequest& request) {
  const auto sound = SoundIn(body);
  const auto data = sound ? Find(*sound, "data") : std::nullopt;
  std::string scratch;
  const auto text = data ? data->AsText(scratch) : std::nullopt;
  auto bytes = text ? FromBase64(*text) : std::nullopt;
  if (!bytes || bytes->empty()) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "an answer with sound was expected");
  }
  const auto type = Find(*sound, "mimeType");
  const std::string media_type = type ? type->AsString().value_or("") : std::string();
  chat::Sound out;
  if (request.response_format == "pcm") {
    out = {.bytes = *std::move(bytes), .media_type = "audio/pcm", .usage = {}};
  } else {
    out = {.bytes = Wav(*bytes, RateOf(media_type)), .media_type = "audio/wav", .usage = {}};
  }
  if (const auto usage = Find(body, "usageMetadata"); usage && usage->IsObject()) {
    out.usage = ParseUsage(*usage);
  }
  return out;
}

}  // namespace signalbox::gemini
