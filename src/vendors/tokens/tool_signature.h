// Tools as the model is shown them: OpenAI's models get a TypeScript namespace, and that is what is
// billed, not the JSON schema.
//
// Owner: the caller. Threads: any. Errors: none; what is no schema is shown as `any`. Cancel:
// nothing to undo.
#pragma once

#include <span>
#include <string>

#include "vendors/chat/tool.h"

namespace signalbox::tokens {

// namespace functions { … } with a type per tool. Its form is not published; it is what users of
// the vendor's API found by comparing bills.
std::string ToolSignatures(std::span<const chat::Tool> tools);

}  // namespace signalbox::tokens
