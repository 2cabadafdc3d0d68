// Moments as HTTP and JSON write them.
//
// Pure. Errors: nullopt for anything that is not a date; no time zone but GMT and RFC 3339's.
#pragma once

#include <optional>
#include <string_view>

#include "base/core/time.h"

namespace signalbox::execution {

// RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", and the two obsolete forms
// "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". A year of two digits is taken
// as the one that is not more than 50 years after `wall_now`. The day's name is not checked.
std::optional<core::WallTime> ParseHttpDate(std::string_view text, core::WallTime wall_now);

// RFC 3339: "2026-11-21T09:30:00Z", "2026-11-21T09:30:00.5+01:00".
std::optional<core::WallTime> ParseRfc3339(std::string_view text);

}  // namespace signalbox::execution
