#include "vendors/providers/sim/vendor_media.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/core/base64.h"
#include "base/json/writer.h"
#include "vendors/providers/sim/script_run.h"
#include "vendors/providers/sim/tokens.h"

namespace signalbox::sim {
namespace {

using chat::Operation;
using core::Result;
using json::Value;

struct Sign {
  std::string_view part;  // of a model's name
  Operation operation;
};
constexpr Sign kSigns[] = {
    {"flux", Operation::kImages},
    {"stable-diffusion", Operation::kImages},
    {"dreamshaper", Operation::kImages},
    {"leonardo", Operation::kImages},
    {"sdxl", Operation::kImages},
    {"imagen", Operation::kImages},
    {"melotts", Operation::kSpeech},
    {"aura-", Operation::kSpeech},
    {"-tts", Operation::kSpeech},
    {"kokoro", Operation::kSpeech},
    {"whisper", Operation::kTranscriptions},
    {"wav2vec", Operation::kTranscriptions},
    {"nova-3", Operation::kTranscriptions},
};
constexpr std::size_t kSamplesPerByte = 80;
constexpr std::size_t kMostSamples = 1024 * 1024;
constexpr std::size_t kWavHead = 44;
constexpr std::int64_t kTokensPerPicture = 1290;  // as Gemini counts one
constexpr std::uint64_t kBytesPerSecond = 16'000;

bool NamesItsTask(std::string_view dialect) {
  return dialect == "workers_ai" || dialect == "huggingface" || dialect == "gemini";
}

std::string Member(const Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsString().value_or("") : std::string();
}

std::optional<Value> First(const Value& object, std::string_view list) {
  const auto found = object.Find(list);
  return found && found->IsArray() ? found->FirstChild() : std::nullopt;
}

std::string Png(const std::string& text, std::uint64_t number) {
  return MakePng(8, 8, static_cast<std::uint32_t>(HashText(text, number) & 0xFFFFFFU));
}

std::string Tone(const std::string& text) {
  return MakeWav(std::min(text.size() * kSamplesPerByte, kMostSamples));
}

// The same without its head, in samples of 16 bits, which Google's models speak in.
std::string Pcm(const std::string& text) {
  const std::size_t samples = std::min(text.size() * kSamplesPerByte, kMostSamples);
  std::string out;
  out.reserve(2 * samples);
  for (const char sample : Tone(text).substr(kWavHead, samples)) {
    out += '\0';
    out += static_cast<char>(static_cast<unsigned char>(sample) ^ 0x80U);
  }
  return out;
}

MediaAnswer Enveloped(std::string_view name, std::string_view bytes) {
  MediaAnswer answer;
  json::Writer(answer.body)
      .BeginObject()
      .Key("result")
      .BeginObject()
      .Key(name)
      .String(core::ToBase64(bytes))
      .EndObject()
      .Key("success")
      .Bool(true)
      .Key("errors")
      .BeginArray()
      .EndArray()
      .Key("messages")
      .BeginArray()
      .EndArray()
      .EndObject();
  return answer;
}

// One answer of generateContent, with what is not text in it.
MediaAnswer Generated(std::string_view type, std::string_view bytes, std::string_view modality,
                      std::int64_t input, std::int64_t output) {
  MediaAnswer answer;
  json::Writer out(answer.body);
  out.BeginObject().Key("candidates").BeginArray().BeginObject().Key("content").BeginObject();
  out.Key("role").String("model").Key("parts").BeginArray().BeginObject().Key("inlineData");
  out.BeginObject().Key("mimeType").String(type).Key("data").String(core::ToBase64(bytes));
  out.EndObject().EndObject().EndArray().EndObject().Key("finishReason").String("STOP");
  out.Key("index").Int(0).EndObject().EndArray().Key("usageMetadata").BeginObject();
  out.Key("promptTokenCount").Int(input).Key("candidatesTokenCount").Int(output);
  out.Key("totalTokenCount").Int(input + output).Key("candidatesTokensDetails").BeginArray();
  out.BeginObject().Key("modality").String(modality).Key("tokenCount").Int(output);
  out.EndObject().EndArray().EndObject().EndObject();
  return answer;
}

Result<MediaAnswer> Predicted(const Value& request, const std::string& text) {
  const auto parameters = request.Find("parameters");
  const auto stated = parameters ? parameters->Find("sampleCount") : std::nullopt;
  const std::int64_t count = stated ? stated->AsInt().value_or(0) : 4;
  if (count < 1 || count > 4) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "sampleCount: 1 to 4 was expected",
                      "parameters.sampleCount");
  }
  MediaAnswer answer;
  json::Writer out(answer.body);
  out.BeginObject().Key("predictions").BeginArray();
  for (std::int64_t i = 0; i < count; ++i) {
    out.BeginObject().Key("mimeType").String("image/png").Key("bytesBase64Encoded");
    out.String(core::ToBase64(Png(text, static_cast<std::uint64_t>(i)))).EndObject();
  }
  out.EndArray().EndObject();
  return answer;
}

Result<MediaAnswer> Picture(const Route& route, const Value& request, const std::string& text) {
  if (request.Find("instances")) {
    return Predicted(request, text);
  }
  if (route.dialect->name() == "gemini") {
    return Generated("image/png", Png(text, 0), "IMAGE", CountTokens(text), kTokensPerPicture);
  }
  if (route.model.find("flux-1-schnell") != route.model.npos &&
      route.dialect->name() == "workers_ai") {
    return Enveloped("image", Png(text, 0));
  }
  return MediaAnswer{"image/png", Png(text, 0)};
}

Result<MediaAnswer> Speech(const Route& route, const std::string& text) {
  if (route.dialect->name() == "gemini") {
    return Generated("audio/L16;codec=pcm;rate=8000", Pcm(text), "AUDIO", CountTokens(text),
                     static_cast<std::int64_t>(text.size()));
  }
  std::string wav = Tone(text);
  return route.model.find("melotts") != route.model.npos ? Enveloped("audio", wav)
                                                         : MediaAnswer{"audio/wav", std::move(wav)};
}

// Says how long the file was, and when that was said.
Result<MediaAnswer> Transcript(const Route& route, const Value* request, std::string_view bytes) {
  std::size_t size = bytes.size();
  if (request != nullptr) {
    const bool named = request->Find("audio").has_value();
    const auto file = core::FromBase64(Member(*request, named ? "audio" : "inputs"));
    if (!file || file->empty()) {
      return core::Fail(core::ErrorCode::kInvalidRequest, "audio: a file was expected", "audio");
    }
    size = file->size();
  }
  const std::string text = fmt::format("The file has {} bytes.", size);
  MediaAnswer answer;
  json::Writer out(answer.body);
  out.BeginObject();
  if (route.dialect->name() == "huggingface") {
    out.Key("text").String(text).Key("chunks").BeginArray().BeginObject().Key("text").String(text);
    out.Key("timestamp").BeginArray().Int(0).Int(1).EndArray().EndObject().EndArray().EndObject();
    return answer;
  }
  out.Key("result").BeginObject().Key("text").String(text);
  out.Key("transcription_info").BeginObject().Key("language").String("en").Key("duration");
  out.Uint((size + kBytesPerSecond - 1) / kBytesPerSecond).EndObject();
  out.Key("segments").BeginArray().BeginObject().Key("start").Int(0).Key("end").Int(1);
  out.Key("text").String(text).EndObject().EndArray().EndObject();
  out.Key("success").Bool(true).Key("errors").BeginArray().EndArray();
  out.Key("messages").BeginArray().EndArray().EndObject();
  return answer;
}

}  // namespace

void RefineByModel(Route& route) {
  if (!NamesItsTask(route.dialect->name()) ||
      (route.operation != Operation::kChat && route.operation != Operation::kEmbeddings)) {
    return;
  }
  // A picture model of Gemini's own may be asked for words as well.
  const bool predicts = route.operation == Operation::kEmbeddings;
  if (route.dialect->name() == "gemini" && !predicts) {
    return;
  }
  std::string model = route.model;
  std::ranges::transform(model, model.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto* const sign = std::ranges::find_if(
      kSigns, [&](const Sign& each) { return model.find(each.part) != model.npos; });
  route.operation = sign == std::end(kSigns) ? route.operation : sign->operation;
}

void RefineByModalities(const Value& body, Route& route) {
  if (route.operation != Operation::kChat || route.dialect->name() != "gemini" ||
      route.streamed.value_or(false)) {
    return;
  }
  const auto config = body.Find("generationConfig");
  const auto modalities = config ? config->Find("responseModalities") : std::nullopt;
  if (!modalities || !modalities->IsArray()) {
    return;
  }
  json::ForEachElement(*modalities, [&](const Value& modality) {
    const std::string word = modality.AsString().value_or("");
    route.operation = word == "IMAGE"   ? Operation::kImages
                      : word == "AUDIO" ? Operation::kSpeech
                                        : route.operation;
  });
}

std::string VendorTextOf(const Value& request) {
  for (const std::string_view name : {"prompt", "text", "inputs"}) {
    if (std::string text = Member(request, name); !text.empty()) {
      return text;
    }
  }
  if (const auto instance = First(request, "instances")) {
    return Member(*instance, "prompt");
  }
  const auto content = First(request, "contents");
  const auto part = content ? First(*content, "parts") : std::nullopt;
  return part ? Member(*part, "text") : std::string();
}

Result<MediaAnswer> AnswerVendorMedia(const Route& route, const Value* request,
                                      std::string_view bytes) {
  if (route.operation == Operation::kTranscriptions) {
    return Transcript(route, request, bytes);
  }
  const std::string text = request == nullptr ? std::string() : VendorTextOf(*request);
  if (text.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "prompt: a text was expected", "prompt");
  }
  return route.operation == Operation::kImages ? Picture(route, *request, text)
                                               : Speech(route, text);
}

}  // namespace signalbox::sim
