// The APIs that Signalbox offers, as a client of its own uses them.
//
// Owner: static tables. Threads: any. Errors: null for a name that is none of them.
#pragma once

#include <span>
#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::cli {

struct Spoken {
  std::string_view name;    // as people call it: "anthropic"
  std::string_view prefix;  // of its paths on Signalbox: "/v1"
  const wire::Dialect* dialect;
};

std::span<const Spoken> AllSpoken();
const Spoken* FindSpoken(std::string_view name);

}  // namespace signalbox::cli
