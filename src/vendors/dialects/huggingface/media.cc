#include "vendors/dialects/huggingface/media.h"

#include <algorithm>

#include "base/core/base64.h"
#include "base/json/writer.h"
#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/huggingface/errors.h"
#include "vendors/dialects/wire/pictures.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/wire/sound.h"

namespace signalbox::huggingface {
namespace {

using chat::Transcript;
using chat::TranscriptionRequest;
using core::ErrorCode;
using core::Result;
using json::Value;

void RenderParameters(const chat::ImagesRequest& request,
                      const std::optional<wire::PictureSize>& size, json::Writer& out) {
  if (!size && request.negative_prompt.empty() && !request.seed) {
    return;
  }
  out.Key("parameters").BeginObject();
  if (size) {
    out.Key("width").Int(size->width).Key("height").Int(size->height);
  }
  wire::RenderText("negative_prompt", request.negative_prompt, out);
  wire::RenderInt("seed", request.seed, out);
  out.EndObject();
}

// {"text", "timestamp": [from, to]}; the last one may have no end.
void ReadChunk(const Value& chunk, Transcript& out) {
  const auto text = chunk.Find("text");
  const auto times = chunk.Find("timestamp");
  const auto begin = times && times->IsArray() ? times->FirstChild() : std::nullopt;
  if (!text || !begin) {
    return;
  }
  chat::Segment& segment = out.segments.emplace_back();
  segment.text = text->AsString().value_or("");
  segment.start = begin->AsDouble().value_or(0);
  const auto end = begin->NextIn(*times);
  segment.end = std::max(segment.start, end ? end->AsDouble().value_or(0) : 0);
}

}  // namespace

Result<wire::RenderedRequest> RenderImagesRequest(const chat::ImagesRequest& request) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckPictures(request, kTitle, 1, rendered.dropped));
  SB_TRY(const std::optional<wire::PictureSize> size, wire::SizeOf(request));
  if (wire::WantsBest(request.quality) || wire::WantsLess(request.quality)) {
    rendered.dropped.emplace_back("quality");
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("inputs").String(request.prompt);
  RenderParameters(request, size, out);
  out.EndObject();
  return rendered;
}

Result<chat::ImagesResponse> ParseImagesAnswer(const wire::MediaBody& body) {
  if (body.json != nullptr && body.json->IsObject() && body.json->Find("error")) {
    return core::Fail(ErrorCode::kUpstreamFailed, ParseErrorValue(*body.json).message);
  }
  chat::Picture picture;
  picture.media_type = wire::PictureType(body.bytes);
  if (body.json != nullptr || picture.media_type.empty()) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "a picture was expected");
  }
  picture.data = core::ToBase64(body.bytes);
  chat::ImagesResponse response;
  response.pictures.push_back(std::move(picture));
  return response;
}

Result<wire::RenderedRequest> RenderSpeechRequest(const chat::SpeechRequest& request) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckSpeech(request, kTitle, rendered.dropped));
  SB_CHECK_OK(wire::CheckOneFormat(request, kTitle, rendered.dropped));
  if (!request.voice.empty()) {
    rendered.dropped.emplace_back("voice");
  }
  json::Writer(rendered.body).BeginObject().Key("inputs").String(request.input).EndObject();
  return rendered;
}

Result<wire::SoundForm> RenderTranscriptionStart(const TranscriptionRequest& request) {
  if (wire::WantsTimes(request)) {
    return wire::SoundForm{"application/json", "{\"inputs\":\"", true};
  }
  return wire::SoundForm{wire::SoundTypeOf(request), {}, false};
}

Result<wire::RenderedRequest> RenderTranscriptionEnd(const TranscriptionRequest& request,
                                                     const wire::SoundForm& form) {
  if (!form.base64 && wire::WantsTimes(request)) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "response_format: it must stand before the file, or be json or text",
                      "response_format");
  }
  wire::RenderedRequest rendered;
  wire::NoteOthers(request, rendered.dropped);
  for (const auto& [name, said] : {std::pair("language", !request.language.empty()),
                                   std::pair("prompt", !request.prompt.empty()),
                                   std::pair("temperature", request.temperature.has_value())}) {
    if (said) {
      rendered.dropped.emplace_back(name);
    }
  }
  if (form.base64) {
    const auto& wishes = request.granularities;
    const bool words = std::ranges::find(wishes, "word") != wishes.end();
    rendered.body = std::string("\",\"parameters\":{\"return_timestamps\":")
                        .append(words ? "\"word\"" : "true")
                        .append("}}");
  }
  return rendered;
}

Result<Transcript> ParseTranscript(const Value& body) {
  if (body.IsObject() && body.Find("error")) {
    return core::Fail(ErrorCode::kUpstreamFailed, ParseErrorValue(body).message);
  }
  const auto text = body.Find("text");
  if (!text || !text->IsString()) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "text: a transcript was expected");
  }
  Transcript out;
  out.text = *text->AsString();
  if (const auto chunks = body.Find("chunks"); chunks && chunks->IsArray()) {
    json::ForEachElement(*chunks, [&](const Value& chunk) { ReadChunk(chunk, out); });
  }
  return out;
}

}  // namespace signalbox::huggingface
