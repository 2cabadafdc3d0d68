// What a command says and returns when a running Signalbox did not answer it.
//
// Threads: pure. Errors: this is how they look. Cancel: nothing waits.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "surface/cli/exit_status.h"

namespace signalbox::cli {

// kNotReached when no connection came about, else kFailed.
ExitStatus StatusAfter(const core::Error& error);

// The error and what to do next.
std::string Advised(const core::Error& error);

// What to do about an answer with that status; empty when its own text says it best.
std::string_view AdviceOn(int status);

// The text of {"error":{"message":…}}; empty when `body` is no such thing.
std::string ErrorMessageOf(std::string_view body);

}  // namespace signalbox::cli
