// PostgreSQL's SQLSTATEs as errors that show no values. Pure; any thread.
// Source: PostgreSQL 15, appendix A.
#pragma once

#include <string_view>

#include "base/core/error.h"

namespace signalbox::store::postgres {

struct Trouble {
  core::Error error;
  bool again = false;  // the same work may well succeed when it is run again
  bool leave = false;  // this server is not the right one any more: connect anew
  bool full = false;   // the server takes no more connections just now
};

// `primary` is the server's message without its details.
Trouble MapState(std::string_view state, std::string_view primary, std::string_view name);

}  // namespace signalbox::store::postgres
