// How the answer is to be thought of and what form it is to have: thinking, output_config and the
// older output_format.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest for a form that is not known; it stays
// as it is. Cancel: nothing to undo.
//
//   thinking.type      enabled → enabled, budget; adaptive → enabled; disabled → not enabled
//   thinking.display   omitted → hidden
//   output_config      effort → reasoning.effort; format → response_format; others → its extra
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::anthropic {

core::Status ParseThinking(const json::Value& thinking, chat::ReasoningOptions& out);
core::Status ParseOutputConfig(const json::Value& config, chat::Request& out);
core::Status ParseOutputFormat(const json::Value& format, chat::Request& out);

}  // namespace signalbox::anthropic
