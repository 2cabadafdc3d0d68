#include "vendors/dialects/openai_chat/media_forms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::ImagesRequest;
using chat::SpeechRequest;
using core::Result;
using core::Status;
using json::Value;

using V = const Value&;
using I = ImagesRequest;
using S = SpeechRequest;

Status ReadStream(V value, I& out) {
  std::optional<bool> stream;
  SB_CHECK_OK(wire::ReadBool(value, stream));
  out.stream = stream.value_or(false);
  return {};
}

constexpr wire::Field<I> kImageFields[] = {
    {"model", [](V v, I& out) { return wire::ReadText(v, out.model); }},
    {"prompt", [](V v, I& out) { return wire::ReadText(v, out.prompt); }},
    {"n", [](V v, I& out) { return wire::ReadInt(v, out.n); }},
    {"size", [](V v, I& out) { return wire::ReadText(v, out.size); }},
    {"quality", [](V v, I& out) { return wire::ReadText(v, out.quality); }},
    {"style", [](V v, I& out) { return wire::ReadText(v, out.style); }},
    {"background", [](V v, I& out) { return wire::ReadText(v, out.background); }},
    {"moderation", [](V v, I& out) { return wire::ReadText(v, out.moderation); }},
    {"response_format", [](V v, I& out) { return wire::ReadText(v, out.response_format); }},
    {"output_format", [](V v, I& out) { return wire::ReadText(v, out.output_format); }},
    {"output_compression", [](V v, I& out) { return wire::ReadInt(v, out.output_compression); }},
    {"negative_prompt", [](V v, I& out) { return wire::ReadText(v, out.negative_prompt); }},
    {"seed", [](V v, I& out) { return wire::ReadInt(v, out.seed); }},
    {"user", [](V v, I& out) { return wire::ReadText(v, out.user); }},
    {"stream", ReadStream},
};

// {"id": …} is a voice of one's own.
Status ReadVoice(V value, S& out) {
  const auto id = value.Find("id");
  return wire::ReadText(id ? *id : value, out.voice);
}

constexpr wire::Field<S> kSpeechFields[] = {
    {"model", [](V v, S& out) { return wire::ReadText(v, out.model); }},
    {"input", [](V v, S& out) { return wire::ReadText(v, out.input); }},
    {"voice", ReadVoice},
    {"instructions", [](V v, S& out) { return wire::ReadText(v, out.instructions); }},
    {"response_format", [](V v, S& out) { return wire::ReadText(v, out.response_format); }},
    {"stream_format", [](V v, S& out) { return wire::ReadText(v, out.stream_format); }},
    {"speed", [](V v, S& out) { return wire::ReadNumber(v, out.speed); }},
};

Status Wanted(Status status, std::string_view name, const std::string& text) {
  if (status && text.empty()) {
    status = std::unexpected(wire::UnderMember(name, wire::Expected("a text").error()));
  }
  return status ? std::move(status) : Status(std::unexpected(Named(std::move(status).error())));
}

constexpr auto kFormats =
    std::to_array<std::string_view>({"json", "text", "verbose_json", "srt", "vtt"});

Status Wrong(std::string_view name, std::string_view expected) {
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    std::string(name).append(": ").append(expected).append(" was expected"),
                    std::string(name));
}

// "image/png" is "png", where OpenAI has a word for it.
std::string_view FormatOf(std::string_view media_type) {
  const std::string_view name = media_type.substr(media_type.find('/') + 1);
  return name == "png" || name == "jpeg" || name == "webp" ? name : std::string_view();
}

void RenderTokens(const chat::Usage& used, json::Writer& out) {
  const std::int64_t input = std::max<std::int64_t>(used.input, 0);
  const std::int64_t output = std::max<std::int64_t>(used.output, 0);
  const std::int64_t pictures = std::max<std::int64_t>(used.image_input, 0);
  out.Key("usage").BeginObject().Key("input_tokens").Int(input);
  out.Key("output_tokens").Int(output).Key("total_tokens").Int(input + output);
  out.Key("input_tokens_details").BeginObject().Key("text_tokens").Int(input - pictures);
  out.Key("image_tokens").Int(pictures).EndObject().EndObject();
}

}  // namespace

Result<ImagesRequest> ParseImagesRequest(V body) {
  ImagesRequest request;
  SB_CHECK_OK(Wanted(wire::ReadObject(body, kImageFields, request, request.extra), "prompt",
                     request.prompt));
  return request;
}

std::string RenderImagesAnswer(const chat::ImagesResponse& response) {
  std::string body;
  std::size_t size = 256;
  for (const chat::Picture& picture : response.pictures) {
    size += picture.data.size() + picture.revised_prompt.size() + 64;
  }
  body.reserve(size);
  json::Writer out(body);
  out.BeginObject().Key("created").Int(response.created).Key("data").BeginArray();
  for (const chat::Picture& picture : response.pictures) {
    out.BeginObject().Key("b64_json").String(picture.data);
    wire::RenderText("revised_prompt", picture.revised_prompt, out);
    out.EndObject();
  }
  out.EndArray();
  if (!response.pictures.empty()) {
    wire::RenderText("output_format", FormatOf(response.pictures.front().media_type), out);
  }
  if (response.usage && response.usage->tokens.known()) {
    RenderTokens(response.usage->tokens, out);
  }
  out.EndObject();
  return body;
}

Result<SpeechRequest> ParseSpeechRequest(V body) {
  SpeechRequest request;
  SB_CHECK_OK(Wanted(wire::ReadObject(body, kSpeechFields, request, request.extra), "input",
                     request.input));
  return request;
}

Status ReadTranscriptionField(std::string_view name, std::string_view value,
                              chat::TranscriptionRequest& out) {
  if (name == "language") {
    out.language = value;
  } else if (name == "prompt") {
    out.prompt = value;
  } else if (name == "response_format") {
    if (std::ranges::find(kFormats, value) == kFormats.end()) {
      return Wrong(name, "json, text, verbose_json, srt or vtt");
    }
    out.response_format = value;
  } else if (name == "temperature") {
    double number = 0;
    const char* const end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) {
      return Wrong(name, "a number");
    }
    out.temperature = chat::Number::Of(number);
  } else if (name.starts_with("timestamp_granularities")) {
    out.granularities.emplace_back(value);
  } else if (name == "stream") {
    out.stream = value == "true" || value == "True" || value == "1";
  } else if (name != "model") {
    out.others.emplace_back(name);
  }
  return {};
}

}  // namespace signalbox::openai_chat
