#include "vendors/dialects/wire/dialect.h"

#include "base/json/writer.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::wire {

using core::ErrorCode;
using core::Result;

std::string_view ContentType(Framing framing) {
  switch (framing) {
    case Framing::kSse:
      return "text/event-stream";
    case Framing::kLines:
      return "application/x-ndjson";
    case Framing::kJsonArray:
      return "application/json";
    case Framing::kEventStream:
      return "application/vnd.amazon.eventstream";
  }
  return {};
}

Result<chat::Envelope> Dialect::ReadEnvelope(const json::Document& body,
                                             chat::Operation operation) const {
  const json::Value root = body.Root();
  if (!root.IsObject()) {
    return core::Fail(ErrorCode::kInvalidRequest, "the body must be a JSON object");
  }
  chat::Envelope out;
  out.operation = operation;
  out.root_end = root.offset() + root.Raw().size() - 1;
  out.root_empty = !root.FirstChild();
  if (const auto model = root.Find("model"); model && !model->IsNull()) {
    const auto name = model->AsString();
    if (!name) {
      return core::Fail(ErrorCode::kInvalidRequest, "model: a string was expected", "model");
    }
    out.model = *name;
    out.model_value = {model->offset(), model->offset() + model->Raw().size()};
  }
  if (const auto stream = root.Find("stream"); stream && !stream->IsNull()) {
    const auto flag = stream->AsBool();
    if (!flag) {
      return core::Fail(ErrorCode::kInvalidRequest, "stream: true or false was expected", "stream");
    }
    out.stream = *flag;
  }
  out.wants_usage = true;
  return out;
}

void Dialect::PlanEdits(const chat::Envelope& envelope, std::string_view upstream_model, bool,
                        chat::EditList& out) const {
  if (!envelope.model_value.empty() && envelope.model != upstream_model) {
    std::string text;
    json::AppendQuoted(text, upstream_model);
    out.Add(envelope.model_value, std::move(text));
  }
}

std::optional<catalog::Bill> Dialect::ReadBill(std::string_view answer,
                                               json::Document& document) const {
  if (!document.Parse(answer, {.unique_keys = false}) || !document.Root().IsObject()) {
    return std::nullopt;
  }
  const auto response = ParseAnswer(document.Root());
  return response && response->usage ? BillOf(*response->usage, response->service_tier)
                                     : catalog::Bill{};
}

catalog::Bill Dialect::BillOf(const chat::UsageReport& usage, std::string_view) const {
  return {.usage = usage.tokens, .tier = {}, .stated = {}};
}

std::unexpected<core::Error> Dialect::HasNo(std::string_view what) const {
  return core::Fail(ErrorCode::kInvalidRequest,
                    std::string(title()).append(" has no ").append(what));
}

Result<chat::EmbeddingsRequest> Dialect::ParseEmbeddingsRequest(const json::Value&) const {
  return HasNo("embeddings");
}
Result<RenderedRequest> Dialect::RenderEmbeddingsRequest(const chat::EmbeddingsRequest&) const {
  return HasNo("embeddings");
}
Result<chat::EmbeddingsResponse> Dialect::ParseEmbeddingsAnswer(const json::Value&) const {
  return HasNo("embeddings");
}
std::string Dialect::RenderEmbeddingsAnswer(const chat::EmbeddingsResponse&) const {
  return {};
}

Result<chat::RerankRequest> Dialect::ParseRerankRequest(const json::Value&) const {
  return HasNo("ranking");
}
Result<RenderedRequest> Dialect::RenderRerankRequest(const chat::RerankRequest&) const {
  return HasNo("ranking");
}
Result<chat::RerankResponse> Dialect::ParseRerankAnswer(const json::Value&) const {
  return HasNo("ranking");
}
std::string Dialect::RenderRerankAnswer(const chat::RerankResponse&) const {
  return {};
}

Result<chat::ImagesRequest> Dialect::ParseImagesRequest(const json::Value&) const {
  return HasNo("making of images");
}
Result<RenderedRequest> Dialect::RenderImagesRequest(const chat::ImagesRequest&) const {
  return HasNo("making of images");
}
Result<chat::ImagesResponse> Dialect::ParseImagesAnswer(const MediaBody&) const {
  return HasNo("making of images");
}
std::string Dialect::RenderImagesAnswer(const chat::ImagesResponse&) const {
  return {};
}

Result<chat::SpeechRequest> Dialect::ParseSpeechRequest(const json::Value&) const {
  return HasNo("making of speech");
}
Result<RenderedRequest> Dialect::RenderSpeechRequest(const chat::SpeechRequest&) const {
  return HasNo("making of speech");
}
Result<chat::Sound> Dialect::ParseSpeechAnswer(const json::Value&,
                                               const chat::SpeechRequest&) const {
  return HasNo("making of speech");
}

core::Status Dialect::ReadTranscriptionField(std::string_view, std::string_view,
                                             chat::TranscriptionRequest&) const {
  return HasNo("transcription");
}
Result<SoundForm> Dialect::RenderTranscriptionStart(const chat::TranscriptionRequest&) const {
  return HasNo("transcription");
}
Result<RenderedRequest> Dialect::RenderTranscriptionEnd(const chat::TranscriptionRequest&,
                                                        const SoundForm&) const {
  return HasNo("transcription");
}
Result<chat::Transcript> Dialect::ParseTranscript(const json::Value&) const {
  return HasNo("transcription");
}
Result<RenderedTranscript> Dialect::RenderTranscript(const chat::Transcript&,
                                                     const chat::TranscriptionRequest&) const {
  return HasNo("transcription");
}

Result<chat::Request> Dialect::ParseCountRequest(const json::Value&) const {
  return HasNo("counting of tokens");
}
Result<RenderedRequest> Dialect::RenderCountRequest(const chat::Request&) const {
  return HasNo("counting of tokens");
}
Result<std::int64_t> Dialect::ParseCountAnswer(const json::Value&) const {
  return HasNo("counting of tokens");
}
std::string Dialect::RenderCountAnswer(std::int64_t) const {
  return {};
}

}  // namespace signalbox::wire
