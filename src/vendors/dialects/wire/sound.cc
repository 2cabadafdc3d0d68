#include "vendors/dialects/wire/sound.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace signalbox::wire {
namespace {

using core::ErrorCode;
using core::Fail;
using core::Status;

// OpenAI API reference, audio/createSpeech, 2026-11.
constexpr auto kVoices =
    std::to_array<std::string_view>({"alloy", "ash", "ballad", "coral", "echo", "fable", "onyx",
                                     "nova", "sage", "shimmer", "verse", "marin", "cedar"});

struct Ending {
  std::string_view end;
  std::string_view type;
};
constexpr Ending kEndings[] = {
    {".wav", "audio/wav"},   {".mp3", "audio/mpeg"}, {".mpga", "audio/mpeg"},
    {".flac", "audio/flac"}, {".ogg", "audio/ogg"},  {".oga", "audio/ogg"},
    {".m4a", "audio/mp4"},   {".mp4", "audio/mp4"},  {".webm", "audio/webm"},
    {".mpeg", "audio/mpeg"},
};

}  // namespace

Status CheckSpeech(const chat::SpeechRequest& request, std::string_view title,
                   std::vector<std::string>& dropped) {
  if (request.stream_format == "sse") {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("stream_format: {} sends sound as it is, not as events", title),
                "stream_format");
  }
  if (!request.instructions.empty()) {
    dropped.emplace_back("instructions");
  }
  if (request.speed && request.speed->value() != 1) {
    dropped.emplace_back("speed");
  }
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
  return {};
}

Status CheckOneFormat(const chat::SpeechRequest& request, std::string_view title,
                      std::vector<std::string>& dropped) {
  if (request.response_format == "pcm") {
    return Fail(
        ErrorCode::kInvalidRequest,
        fmt::format("response_format: {} sends sound as the model makes it, not as pcm", title),
        "response_format");
  }
  if (!request.response_format.empty()) {
    dropped.emplace_back("response_format");
  }
  return {};
}

bool IsOpenAisVoice(std::string_view voice) {
  return std::ranges::find(kVoices, voice) != kVoices.end();
}

std::string_view SoundType(std::string_view bytes) {
  if (bytes.starts_with("RIFF")) {
    return "audio/wav";
  }
  if (bytes.starts_with("fLaC")) {
    return "audio/flac";
  }
  if (bytes.starts_with("OggS")) {
    return "audio/ogg";
  }
  const bool frames = bytes.size() > 1 && bytes[0] == '\xFF' &&
                      (static_cast<unsigned char>(bytes[1]) & 0xE0U) == 0xE0U;
  return bytes.starts_with("ID3") || frames ? "audio/mpeg" : "";
}

std::string SoundTypeOf(const chat::TranscriptionRequest& request) {
  if (request.file_type.starts_with("audio/") || request.file_type.starts_with("video/")) {
    return request.file_type;
  }
  const auto ending = std::ranges::find_if(
      kEndings, [&](const Ending& each) { return request.file_name.ends_with(each.end); });
  return std::string(ending == std::end(kEndings) ? "application/octet-stream" : ending->type);
}

bool WantsTimes(const chat::TranscriptionRequest& request) {
  const std::string& format = request.response_format;
  return format == "verbose_json" || format == "srt" || format == "vtt";
}

void NoteOthers(const chat::TranscriptionRequest& request, std::vector<std::string>& dropped) {
  dropped.insert(dropped.end(), request.others.begin(), request.others.end());
}

}  // namespace signalbox::wire
