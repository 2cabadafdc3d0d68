// OpenAI Chat Completions, Completions and Embeddings in and out without translation: read what the
// way needs, change what must change, leave every other byte as it is.
//
// Owner:   nobody; pure functions and one small per-stream observer.
// Threads: any.
// Errors:  kInvalidRequest that names the field.
// Cancel:  nothing to undo.
// Budget:  0.1 µs per request beside the JSON check; 50 ns per streamed frame.
// Source:  OpenAI API reference, chat/create, chat/streaming, completions/create,
//          embeddings/create, moderations/create, images/create, audio/createSpeech.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/catalog/bill.h"
#include "vendors/chat/envelope.h"
#include "vendors/chat/usage.h"

namespace signalbox::openai_chat {

// Reads the outside of a request. Checks the fields that the way relies on (model is a string,
// stream a boolean or null, stream_options an object or null, messages present for chat, input for
// embeddings, moderations and speech, prompt for completions and images); everything else is the
// upstream's business.
core::Result<chat::Envelope> ReadEnvelope(const json::Document& body, chat::Operation operation);

// The edits for an upstream that knows the model as `upstream_model`. With `ask_for_usage` a
// streamed request asks for usage even when the client did not.
void PlanEdits(const chat::Envelope& envelope, std::string_view upstream_model, bool ask_for_usage,
               chat::EditList& out);

// What a whole answer, or a chunk of one, says that it used and cost: prompt and completion tokens
// with their details (OpenAI), DeepSeek's prompt_cache_hit_tokens, Groq's `x_groq.usage`, xAI where
// completion_tokens leaves reasoning out but total_tokens includes it, the costs that OpenRouter,
// Perplexity and xAI state.
catalog::Bill ReadBill(const json::Value& answer);

// The same from its text, without reading all of it where its one `usage` can be cut out;
// `document` is memory to use. nullopt: the text is no JSON object (looked at no closer than that
// takes).
std::optional<catalog::Bill> ReadBill(std::string_view answer, json::Document& document);

// What one streamed event means to the way.
struct FrameFacts {
  bool done = false;        // [DONE]
  bool usage_only = false;  // carries usage and no choices
  bool error = false;       // an error object instead of a chunk
  bool has_usage = false;
  catalog::Bill bill;
};

// Looks at the data of one event; parses only the few that matter.
class StreamObserver {
 public:
  FrameFacts Observe(std::string_view data);

 private:
  json::Document document_;
};

// The body of an error answer in OpenAI's form, and the data of an error event in a stream.
std::string ErrorBody(const core::Error& error);

}  // namespace signalbox::openai_chat
