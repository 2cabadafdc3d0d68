// What the errors of OpenAI's two APIs have in common.
//
// Owner: the error files of those dialects. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: OpenAI API reference, error codes.
#pragma once

#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/vendor_error.h"

namespace signalbox::wire {

// An error of ours in OpenAI's words.
struct OpenAiWords {
  std::string_view type;
  std::string_view code;  // empty: null
};
OpenAiWords OpenAiWordsOf(const core::Error& error);

// The value of `error`: an object or a text.
chat::VendorError ParseOpenAiError(const json::Value& error);

}  // namespace signalbox::wire
