#include <algorithm>

#include "base/core/base64.h"
#include "base/json/writer.h"
#include "vendors/dialects/wire/sound.h"
#include "vendors/dialects/workers_ai/envelope.h"
#include "vendors/dialects/workers_ai/media.h"

namespace signalbox::workers_ai {
namespace {

using core::ErrorCode;
using core::Result;
using core::Status;

constexpr std::string_view kTitle = "Workers AI";

// OpenAI's word for a format in Aura's two.
struct Format {
  std::string_view name;
  std::string_view encoding;
  std::string_view container;  // empty: as the encoding has it
};
constexpr Format kFormats[] = {
    {"mp3", "mp3", ""},      {"aac", "aac", ""},         {"flac", "flac", ""},
    {"opus", "opus", "ogg"}, {"wav", "linear16", "wav"}, {"pcm", "linear16", "none"},
};
constexpr std::int64_t kPcmRate = 24'000;  // of OpenAI's pcm

Status RenderFormat(std::string_view name, json::Writer& out) {
  if (name.empty()) {
    return {};
  }
  const auto* const format = std::ranges::find(kFormats, name, &Format::name);
  if (format == std::end(kFormats)) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "response_format: mp3, opus, aac, flac, wav or pcm was expected",
                      "response_format");
  }
  out.Key("encoding").String(format->encoding);
  if (!format->container.empty()) {
    out.Key("container").String(format->container);
  }
  if (name == "pcm") {
    out.Key("sample_rate").Int(kPcmRate);
  }
  return {};
}

// {"text","speaker","encoding",…}
Status RenderAura(const chat::SpeechRequest& request, std::vector<std::string>& dropped,
                  json::Writer& out) {
  out.Key("text").String(request.input);
  if (wire::IsOpenAisVoice(request.voice)) {
    dropped.emplace_back("voice");
  } else if (!request.voice.empty()) {
    out.Key("speaker").String(request.voice);
  }
  return RenderFormat(request.response_format, out);
}

// {"prompt","lang"}: its voices are its languages.
Status RenderMelo(const chat::SpeechRequest& request, std::vector<std::string>& dropped,
                  json::Writer& out) {
  SB_CHECK_OK(wire::CheckOneFormat(request, kTitle, dropped));
  out.Key("prompt").String(request.input);
  if (request.voice.size() == 2) {
    out.Key("lang").String(request.voice);
  } else if (!request.voice.empty()) {
    dropped.emplace_back("voice");
  }
  return {};
}

}  // namespace

Result<wire::RenderedRequest> RenderSpeechRequest(const chat::SpeechRequest& request) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckSpeech(request, kTitle, rendered.dropped));
  json::Writer out(rendered.body);
  out.BeginObject();
  const bool melo = request.model.find("melotts") != request.model.npos;
  SB_CHECK_OK(melo ? RenderMelo(request, rendered.dropped, out)
                   : RenderAura(request, rendered.dropped, out));
  out.EndObject();
  return rendered;
}

Result<chat::Sound> ParseSpeechAnswer(const json::Value& body) {
  SB_TRY(const json::Value result, ResultIn(body));
  const auto audio = result.Find("audio");
  std::string scratch;
  const auto text = audio ? audio->AsText(scratch) : std::nullopt;
  auto bytes = text ? core::FromBase64(*text) : std::nullopt;
  if (!bytes || bytes->empty()) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "audio: sound was expected");
  }
  const std::string_view type = wire::SoundType(*bytes);
  return chat::Sound{.bytes = *std::move(bytes),
                     .media_type = std::string(type.empty() ? "audio/mpeg" : type),
                     .usage = {}};
}

}  // namespace signalbox::workers_ai
