// The text of one log line. Pure; any thread; no errors.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/core/time.h"
#include "base/telemetry/log.h"

namespace signalbox::telemetry {

inline constexpr std::size_t kMaxLineBytes = 4096;  // PIPE_BUF: such a write is not torn

// With its line end.
std::string JsonLine(core::WallTime time, Level level, std::string_view message,
                     std::initializer_list<Field> fields);
std::string HumanLine(core::WallTime time, Level level, std::string_view message,
                      std::initializer_list<Field> fields);

}  // namespace signalbox::telemetry
