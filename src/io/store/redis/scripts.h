// What runs inside Redis: the machine of account.h and the small things that take more than one
// command.
//
// Owner: the program. Threads: read only. Errors: their answers begin with SBSTALE or SBALIEN
// (answer.h). Cancel: Redis carries a script out whole.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "io/store/redis/command.h"

namespace signalbox::store {

inline constexpr std::array kScripts{ScriptName::kDraw,    ScriptName::kPeek,
                                     ScriptName::kTell,    ScriptName::kCompareAndSet,
                                     ScriptName::kAcquire, ScriptName::kRelease};

const std::string& ScriptText(ScriptName script);

// By what Redis calls them once it has read them; the same in every Redis. Empty: not known yet.
using ScriptDigests = std::array<std::string, kScripts.size() + 1>;

}  // namespace signalbox::store
