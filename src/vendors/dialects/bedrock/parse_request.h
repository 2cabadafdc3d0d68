// A request for an answer, or for the number of its tokens, in.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest; `param` is the path of the member at fault.
// Cancel: nothing to undo.
//
// The model stands in the request's path. Unknown members of inferenceConfig, toolConfig and
// additionalModelRequestFields are extras with a dotted key: "additionalModelRequestFields.top_a".
#pragma once

#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::bedrock {

inline constexpr std::string_view kInference = "inferenceConfig";
inline constexpr std::string_view kToolConfig = "toolConfig";
inline constexpr std::string_view kAdditional = "additionalModelRequestFields";
// The kind of a part that stands for a prompt in a model's own form, of which only tokens are
// counted.
inline constexpr std::string_view kInvokeModel = "invokeModel";

core::Result<chat::Request> ParseRequest(const json::Value& body);
// {"input":{"converse":{…}}} or {"input":{"invokeModel":{…}}}
core::Result<chat::Request> ParseCountRequest(const json::Value& body);

// Of parse_tools.cc.
core::Status ReadToolConfig(const json::Value& value, chat::Request& out);
// Of parse_options.cc.
core::Status ReadInference(const json::Value& value, chat::Request& out);
core::Status ReadAdditional(const json::Value& value, chat::Request& out);
core::Status ReadMetadata(const json::Value& value, chat::Request& out);
core::Status ReadServiceTier(const json::Value& value, std::string& out);
core::Status ReadOutputConfig(const json::Value& value, chat::Request& out);

// Moves `members` to the extras of `out`, with `place` and a dot before their keys.
inline constexpr std::string_view kInputSchema = "inputSchema";

void KeepUnder(std::string_view place, chat::Extra members, chat::Request& out);

}  // namespace signalbox::bedrock
