// What Workers AI says in its own words: {"response":…,"tool_calls":[…],"usage":…}, the result of a
// whole answer or a frame of a stream; and the result of models that speak OpenAI's Responses.
//
// Owner: the caller. Threads: any. Errors: kUpstreamProtocol for what is no JSON object.
// Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/response.h"

namespace signalbox::workers_ai {

struct Native {
  std::optional<std::string> response;  // what is no text as it is written (JSON mode, numbers)
  bool text = true;                     // it was one
  std::vector<chat::Part> calls;        // ids are made where there are none
  std::vector<std::int64_t> indices;    // of the calls, in a stream; -1: not stated
  std::optional<chat::UsageReport> usage;
  std::string finish_reason;
  chat::Extra extra;
};

// `place` is what tells the calls of this value from those of another.
core::Status ParseNative(const json::Value& value, std::string_view place, Native& out);

// One call in the short form, or as OpenAI has it if it came so. In a stream calls have an `index`,
// because Cloudflare's client takes those without one for the same.
void RenderCall(const chat::Part& part, std::optional<std::int64_t> index, bool own,
                json::Writer& out);

// The parts and the usage of a result in the form of OpenAI's Responses.
core::Result<chat::Response> ParseResponsesResult(const json::Value& result);

}  // namespace signalbox::workers_ai
