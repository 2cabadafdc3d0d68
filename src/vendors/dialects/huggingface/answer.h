// Whole answers between HuggingFace's form and the canonical one.
//
// Owner: the caller. Threads: any.
// Errors: kUpstreamProtocol when it is no answer; kUpstreamFailed with the vendor's words when it
// is an error in the clothes of a 200. Cancel: nothing to undo.
//
// [{"generated_text":…,"details":{…}}], or the object alone. What `details` has beside the reason
// and the counts is in the choice's extra as "details.<name>". A beginning of the user's turn at
// the end of the text, where the servers stopped because of it, is not part of the answer.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/response.h"

namespace signalbox::huggingface {

inline constexpr std::string_view kDetailPrefix = "details.";

struct Details {
  std::string finish_reason;
  chat::UsageReport usage;
  chat::Extra extra;  // keys with kDetailPrefix
};
Details ParseDetails(const json::Value& details);
void RenderDetails(std::string_view finish_reason, const chat::UsageReport* usage,
                   const chat::Extra& extra, bool own, json::Writer& out);

chat::FinishReason FinishNamed(std::string_view word);
std::string_view FinishName(chat::FinishReason reason);

core::Result<chat::Response> ParseAnswer(const json::Value& body);
std::string RenderAnswer(const chat::Response& response);

}  // namespace signalbox::huggingface
