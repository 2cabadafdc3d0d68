#include "pipeline/gateway/media_translator.h"

#include <cmath>

namespace signalbox::gateway {
namespace {

using core::Result;
using core::Status;

Result<TranslatedMedia> Pictures(const MediaAnswer& answer, const request::Call& call,
                                 const wire::Dialect& from) {
  SB_TRY(chat::ImagesResponse response, from.ParseImagesAnswer(answer.body));
  response.created = answer.now;
  TranslatedMedia out;
  out.bill = response.usage ? from.BillOf(*response.usage, {}) : catalog::Bill{};
  out.bill->usage.images = static_cast<std::int64_t>(response.pictures.size());
  out.body = call.dialect->RenderImagesAnswer(response);
  return out;
}

Result<TranslatedMedia> Speech(const MediaAnswer& answer, const chat::SpeechRequest& request,
                               const wire::Dialect& from) {
  SB_TRY(chat::Sound sound, from.ParseSpeechAnswer(*answer.body.json, request));
  TranslatedMedia out;
  if (sound.usage) {
    out.bill = from.BillOf(*sound.usage, {});
    chat::Usage& used = out.bill->usage;
    used.audio_output = used.audio_output < 0 ? used.output : used.audio_output;
  }
  out.body = std::move(sound.bytes);
  out.content_type = std::move(sound.media_type);
  return out;
}

Result<TranslatedMedia> Transcripts(const MediaAnswer& answer, const request::Call& call,
                                    const wire::Dialect& from) {
  SB_TRY(const chat::Transcript transcript, from.ParseTranscript(*answer.body.json));
  SB_TRY(wire::RenderedTranscript told, call.dialect->RenderTranscript(transcript, *answer.form));
  TranslatedMedia out;
  if (transcript.duration && *transcript.duration >= 0 && *transcript.duration < 1e9) {
    out.bill.emplace().usage.input_milliseconds = std::llround(*transcript.duration * 1000);
  }
  out.body = std::move(told.body);
  out.content_type = told.content_type;
  return out;
}

}  // namespace

Status MediaTranslator::Read(const json::Value& body, const request::Call& call) {
  if (!std::holds_alternative<std::monostate>(read_)) {
    return {};
  }
  if (call.operation == chat::Operation::kImages) {
    SB_TRY(read_, call.dialect->ParseImagesRequest(body));
  } else {
    SB_TRY(read_, call.dialect->ParseSpeechRequest(body));
  }
  return {};
}

Result<TranslatedRequest> MediaTranslator::Request(const json::Value& body,
                                                   const request::Call& call,
                                                   const wire::Dialect& to,
                                                   std::string_view model) {
  SB_CHECK_OK(Read(body, call));
  Result<wire::RenderedRequest> rendered;
  if (auto* images = std::get_if<chat::ImagesRequest>(&read_)) {
    images->model = model;
    rendered = to.RenderImagesRequest(*images);
  } else {
    auto& speech = std::get<chat::SpeechRequest>(read_);
    speech.model = model;
    rendered = to.RenderSpeechRequest(speech);
  }
  if (!rendered) {
    return std::unexpected(std::move(rendered).error());
  }
  return TranslatedRequest{std::move(rendered->body), Joined(rendered->dropped)};
}

Result<TranslatedMedia> MediaTranslator::Answer(const MediaAnswer& answer,
                                                const request::Call& call,
                                                const wire::Dialect& from) const {
  if (call.operation == chat::Operation::kImages) {
    return Pictures(answer, call, from);
  }
  if (answer.body.json == nullptr) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "the answer is not JSON");
  }
  if (answer.form != nullptr) {
    return Transcripts(answer, call, from);
  }
  return Speech(answer, std::get<chat::SpeechRequest>(read_), from);
}

}  // namespace signalbox::gateway
