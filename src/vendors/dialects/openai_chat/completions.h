// OpenAI's older Completions, a text that is to be gone on with: whole requests and answers into
// the canonical form and back. What passes between a client and an upstream that both speak it goes
// through fast_lane.h.
//
// Owner:   the caller; one stream renderer per stream.
// Threads: any.
// Errors:  kInvalidRequest that names the field; kUpstreamProtocol when it is no answer.
// Cancel:  nothing to undo.
// Source:  OpenAI API reference, completions/create.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/event.h"
#include "vendors/chat/request.h"
#include "vendors/chat/response.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_chat {

// One text of several, or a text in the tokens of the model.
struct Prompt {
  std::string text;
  std::vector<std::int64_t> tokens;
};

struct CompletionRequest {
  chat::Request request;        // without messages; what chat has no word for is in its extra
  std::vector<Prompt> prompts;  // at least one
};

core::Result<CompletionRequest> ParseCompletionRequest(const json::Value& body);

core::Result<chat::Response> ParseCompletionAnswer(const json::Value& body);

// Of each choice its text alone.
std::string RenderCompletionAnswer(const chat::Response& response);

// Canonical events into frames: of each choice its text alone.
// Usage comes last, to who asked for it.
class CompletionStreamRenderer final : public wire::StreamRenderer {
 public:
  explicit CompletionStreamRenderer(const wire::AnswerTerms& terms = {})
      : with_usage_(terms.include_usage) {}
  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  bool with_usage_;
  chat::StreamStart head_;
  std::optional<chat::UsageReport> usage_;  // held back until the end
};

}  // namespace signalbox::openai_chat
