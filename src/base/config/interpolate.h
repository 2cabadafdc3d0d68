// ${NAME} and ${NAME:-default} in a configured value; $${ is a plain ${.
//
// Owner: nobody; a pure function. Threads: any. Cancel: nothing waits.
// Errors: a variable that is not set, a name that is none, a ${ that is never closed.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/config/environment.h"

namespace signalbox::config {

struct Interpolated {
  std::string text;
  std::string variable;  // the first that was used, empty when there is none
};

struct InterpolationFault {
  std::string message;
  std::string missing;  // the variable that is not set, when that is the fault
};

// The default of ${NAME:-default} counts when NAME is not set or empty; it ends at the first }.
std::expected<Interpolated, InterpolationFault> Interpolate(std::string_view text,
                                                            const Environment& environment);

// `text` with every ${ written $${, so that Interpolate gives it back.
std::string EscapeVariables(std::string_view text);

}  // namespace signalbox::config
