// What a dialect is to everybody else: the form in which a vendor's API is spoken, read into the
// canonical conversation and written from it. One object per dialect, in dialects.h's list.
//
// Owner:   static, for ever; the stream machines belong to one stream each.
// Threads: a Dialect is stateless, any thread; a stream machine has none of its own.
// Errors:  kInvalidRequest whose `param` is the path of the field, for what a caller wrote or what
//          this vendor has no word for; kUpstreamProtocol for an answer that is none.
// Cancel:  nothing to undo.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/catalog/bill.h"
#include "vendors/catalog/families.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/envelope.h"
#include "vendors/chat/event.h"
#include "vendors/chat/images.h"
#include "vendors/chat/request.h"
#include "vendors/chat/rerank.h"
#include "vendors/chat/response.h"
#include "vendors/chat/speech.h"
#include "vendors/dialects/wire/feature.h"

namespace signalbox::wire {

// How the events of a stream follow each other on the wire.
enum class Framing : std::uint8_t {
  kSse,          // server-sent events
  kLines,        // a JSON text a line (Ollama)
  kJsonArray,    // one JSON array that comes bit by bit (Gemini without alt=sse)
  kEventStream,  // application/vnd.amazon.eventstream (Bedrock)
};
std::string_view ContentType(Framing framing);

// A request in a vendor's form.
struct RenderedRequest {
  std::string body;
  // Paths of what was left out because leaving it out makes no answer wrong: for the response
  // header that says so.
  std::vector<std::string> dropped;
};

// What the rendering of a request needs to know beside it.
struct RequestTerms {
  std::int64_t default_max_tokens = 4096;  // where the vendor demands a bound and none is stated
  // Of the model, from the catalogue; null: its name alone tells. Must outlive the rendering.
  const catalog::Capabilities* capabilities = nullptr;

  const catalog::Capabilities& Of(std::string_view model) const {
    return capabilities != nullptr ? *capabilities : catalog::FamilyOf(model);
  }
};

// What the rendering of an answer needs to know beside it.
struct AnswerTerms {
  bool include_usage = true;        // the caller asked for usage in a stream (OpenAI Chat)
  Framing framing = Framing::kSse;  // as the caller asked, where the dialect has several
};

// An error on its way to a caller.
struct ErrorAnswer {
  int status = 500;             // HTTP
  core::Error error;            // what it means to us
  chat::VendorError vendor;     // in a vendor's words, whoever it is; empty: it is our own
  std::string request_id = {};  // ours, "req_…"
  std::string timestamp = {};   // ISO 8601
};

// An answer that may be no JSON: a picture, or what says where one is.
struct MediaBody {
  std::string_view bytes;
  const json::Value* json = nullptr;  // what the bytes say; null: they are no JSON
};

// How an upstream takes a file of sound that goes on as it comes: `before`, the file, and what
// RenderTranscriptionEnd makes of the fields, of which some may stand behind the file.
struct SoundForm {
  std::string content_type;
  std::string before;
  bool base64 = false;  // the file stands inside a JSON text
};

// What a caller is told of speech.
struct RenderedTranscript {
  std::string body;
  std::string_view content_type = "application/json";
};

// What the gateway alone knows of an answer, for dialects that tell it.
struct Served {
  std::string_view provider;  // that answered
  std::int64_t response_ms = 0;
  bool cache_hit = false;
  std::string cost_usd = {};  // a JSON number; empty: not known
};

// An upstream's stream, bytes in, events out. `own`: for the same reader the events came as they
// are.
class StreamParser {
 public:
  virtual ~StreamParser() = default;
  // Hands over the next bytes; they must stay until Next has returned false.
  virtual void Feed(std::string_view bytes) = 0;
  // Appends the events of the next whole frame to `out` (none for a frame that says nothing); false
  // when there is no whole frame left. An error is for the frame alone: what follows can be read.
  virtual core::Result<bool> Next(chat::EventBatch& out) = 0;
  // The upstream has closed its stream, and Next has returned false: what that means. A stream
  // whose dialect has an end marker and had none appends no StreamEnd.
  virtual core::Status End(chat::EventBatch& out) = 0;
};

// Events in, bytes for the caller out: whole frames only.
class StreamRenderer {
 public:
  virtual ~StreamRenderer() = default;
  // Appends what `events`, those of one upstream frame, make. A StreamError among them ends the
  // stream in the dialect's own way; so does StreamEnd.
  virtual void Render(std::span<const chat::Event> events, std::string& out) = 0;
  // Appends an error of ours as the end of the stream.
  virtual void RenderError(const ErrorAnswer& error, std::string& out) = 0;
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name() const = 0;   // "anthropic": chat::Request::dialect
  virtual std::string_view title() const = 0;  // "Anthropic Messages", for people
  virtual bool Has(chat::Operation operation) const = 0;
  // What a request may hold that an upstream of this dialect can be asked for.
  virtual const FeatureTable& features() const = 0;
  // Below the base URL, with the query: "/messages", "/models/gemini-2.5-pro:countTokens".
  virtual std::string PathOf(chat::Operation operation, std::string_view model,
                             bool streamed) const = 0;
  virtual Framing framing() const { return Framing::kSse; }  // that an upstream of it answers with
  // Whether a request in `client`'s form goes to an upstream of this dialect as it stands: several
  // forms of one API are dialects of one name.
  virtual bool Takes(const Dialect& client, chat::Operation) const {
    return name() == client.name();
  }

  // Whether a body in this dialect holds what another vendor signed and a caller was only given to
  // keep: then it is read and written again, also for an upstream of this dialect.
  virtual bool HoldsForeign(std::string_view) const { return false; }
  // Whether it asks in words for a form of the answer that the model cannot be bound to.
  virtual bool PutsFormsIntoWords() const { return false; }
  // Whether an upstream of this dialect opens `uri` itself, although it takes others as bytes.
  virtual bool TakesUri(std::string_view) const { return false; }
  // Whether documents that are plain texts go to it as documents.
  virtual bool TakesTextDocuments() const { return false; }

  // The outside, for a client and an upstream that both speak this dialect. As they stand here:
  // `model` and `stream` are members of the body, and may be absent; edits change the model.
  virtual core::Result<chat::Envelope> ReadEnvelope(const json::Document& body,
                                                    chat::Operation operation) const;
  virtual void PlanEdits(const chat::Envelope& envelope, std::string_view upstream_model,
                         bool ask_for_usage, chat::EditList& out) const;
  // What a whole answer says that it used and cost; nullopt: `answer` is no JSON object. As it
  // stands here: the answer's usage, found by ParseAnswer.
  virtual std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                                json::Document& document) const;
  // The same of a usage report, in the service tier that the vendor names.
  virtual catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view service_tier) const;

  // Chat.
  virtual core::Result<chat::Request> ParseRequest(const json::Value& body) const = 0;
  virtual core::Result<RenderedRequest> RenderRequest(const chat::Request& request,
                                                      const RequestTerms& terms) const = 0;
  virtual core::Result<chat::Response> ParseAnswer(const json::Value& body) const = 0;
  virtual std::string RenderAnswer(const chat::Response& response) const = 0;
  virtual std::unique_ptr<StreamParser> NewStreamParser() const = 0;
  // `own`: the events come from an upstream of this dialect, so that its extras go out too.
  virtual std::unique_ptr<StreamRenderer> NewStreamRenderer(bool own,
                                                            const AnswerTerms& terms) const = 0;

  // Puts into an answer what this dialect tells of its way; into a stream before its end.
  virtual bool TellsServed() const { return false; }
  virtual void AddServed(const Served&, chat::Response&) const {}
  virtual void AddServed(const Served&, chat::EventBatch&) const {}

  // Errors. `body` may be anything; what is no JSON becomes the message.
  virtual chat::VendorError ParseError(std::string_view body) const = 0;
  virtual std::string RenderError(const ErrorAnswer& error) const = 0;

  // What some dialects have beside chat: as they stand here, an error that says so.
  virtual core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(
      const json::Value& body) const;
  virtual core::Result<RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const;
  virtual core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(
      const json::Value& body) const;
  virtual std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const;
  virtual core::Result<chat::RerankRequest> ParseRerankRequest(const json::Value& body) const;
  virtual core::Result<RenderedRequest> RenderRerankRequest(
      const chat::RerankRequest& request) const;
  virtual core::Result<chat::RerankResponse> ParseRerankAnswer(const json::Value& body) const;
  virtual std::string RenderRerankAnswer(const chat::RerankResponse& response) const;

  // Pictures.
  virtual core::Result<chat::ImagesRequest> ParseImagesRequest(const json::Value& body) const;
  virtual core::Result<RenderedRequest> RenderImagesRequest(
      const chat::ImagesRequest& request) const;
  virtual core::Result<chat::ImagesResponse> ParseImagesAnswer(const MediaBody& body) const;
  virtual std::string RenderImagesAnswer(const chat::ImagesResponse& response) const;

  // Speech. Sound that an upstream sends as it is goes on as it comes; ParseSpeechAnswer is for
  // sound inside JSON.
  virtual core::Result<chat::SpeechRequest> ParseSpeechRequest(const json::Value& body) const;
  virtual core::Result<RenderedRequest> RenderSpeechRequest(
      const chat::SpeechRequest& request) const;
  virtual core::Result<chat::Sound> ParseSpeechAnswer(const json::Value& body,
                                                      const chat::SpeechRequest& request) const;

  // Transcripts. A caller's form is read field by field; an upstream's is written around the file.
  virtual bool TranslatesSpeech() const { return true; }  // into English, if it has transcripts
  virtual core::Status ReadTranscriptionField(std::string_view name, std::string_view value,
                                              chat::TranscriptionRequest& out) const;
  virtual core::Result<SoundForm> RenderTranscriptionStart(
      const chat::TranscriptionRequest& request) const;
  virtual core::Result<RenderedRequest> RenderTranscriptionEnd(
      const chat::TranscriptionRequest& request, const SoundForm& form) const;
  virtual core::Result<chat::Transcript> ParseTranscript(const json::Value& body) const;
  virtual core::Result<RenderedTranscript> RenderTranscript(
      const chat::Transcript& transcript, const chat::TranscriptionRequest& request) const;

  // Counting the tokens of a prompt: a chat request in, a number out.
  virtual core::Result<chat::Request> ParseCountRequest(const json::Value& body) const;
  virtual core::Result<RenderedRequest> RenderCountRequest(const chat::Request& request) const;
  virtual core::Result<std::int64_t> ParseCountAnswer(const json::Value& body) const;
  virtual std::string RenderCountAnswer(std::int64_t tokens) const;

 private:
  std::unexpected<core::Error> HasNo(std::string_view what) const;
};

}  // namespace signalbox::wire
