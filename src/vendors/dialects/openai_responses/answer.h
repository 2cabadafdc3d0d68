// Whole answers in the form of OpenAI Responses, both ways. Internal.
//
// Owner:   the caller.
// Threads: any.
// Errors:  kUpstreamProtocol when it is no answer; kUpstreamFailed for one that failed.
// Cancel:  nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_responses {

// The whole of a response object but its output.
struct Outside {
  chat::Response head;  // without choices
  std::string status;
  std::string reason;  // of incomplete_details
};
Outside ParseOutside(const json::Value& response);
// The vendor's own word for how it ended, and what that means.
std::string FinishText(const Outside& outside);

core::Result<chat::Response> ParseAnswer(const json::Value& body);
std::string RenderAnswer(const chat::Response& response);

// What the outside of a response needs to be written.
struct Closing {
  std::string_view status;
  std::string_view reason;         // of incomplete_details; empty: none
  std::string_view output = "[]";  // JSON
};
void RenderResponse(const chat::Response& head, const Closing& closing, bool own,
                    json::Writer& out);

}  // namespace signalbox::openai_responses
