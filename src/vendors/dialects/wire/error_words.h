// What every vendor's errors have in common: a status, words, and what both mean to us.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/vendor_error.h"

namespace signalbox::wire {

// `text`, cut to a readable length, not in the middle of a character; what is no UTF-8 as U+FFFD.
std::string Readable(std::string_view text);

// A text, or a number or list as written; empty when absent or null.
std::string LooseText(const json::Value& object, std::string_view key);

// What an upstream's error means to us. `status` is HTTP's.
core::ErrorCode CodeOf(int status, const chat::VendorError& error);
core::Error ToError(int status, const chat::VendorError& error);

}  // namespace signalbox::wire
