// What a vendor says went wrong, whatever dialect it says it in.
//
// Owner: whoever parsed it. Threads: plain data. Errors: this is one. Cancel: nothing to undo.
#pragma once

#include <string>

#include "vendors/chat/raw.h"

namespace signalbox::chat {

struct VendorError {
  std::string message;
  std::string type;   // the vendor's class of error, e.g. "rate_limit_error", "RESOURCE_EXHAUSTED"
  std::string code;   // a number is kept in its digits
  std::string param;  // the field at fault
  RawJson json;       // the vendor's whole error value, where there was one

  friend bool operator==(const VendorError&, const VendorError&) = default;
};

}  // namespace signalbox::chat
