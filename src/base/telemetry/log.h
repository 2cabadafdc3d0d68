// Structured log lines on standard error: JSON for programs, one readable line for a terminal.
//
// Owner:   the process: StartLog in app/, StopLog at its end. Before and after, and in tests,
//          lines are written at once by whoever logs.
// Threads: any, any time. A line is formatted by its caller and queued; a thread of the log's own
//          writes it. A sink that is stuck costs lines, never a caller's time: when the queue is
//          full the oldest line goes and DroppedLogLines counts it.
// Errors:  none reach the caller.
// Cancel:  nothing to undo.
//
// No prompt, answer or secret belongs into a line. What looks like a key is masked all the same, in
// messages and in values. A line has at most 4096 bytes; longer values are cut.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace signalbox::telemetry {

enum class Level : std::uint8_t { kDebug, kInfo, kWarn, kError, kOff };

enum class LogFormat : std::uint8_t { kAuto, kJson, kHuman };  // kAuto: human form on a terminal

struct LogOptions {
  Level level = Level::kInfo;
  LogFormat format = LogFormat::kAuto;
  int descriptor = 2;         // stays the caller's
  std::uint32_t queue = 512;  // lines
};

struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <std::signed_integral T>
  Field(std::string_view k, T v) : key(k), value(std::int64_t{v}) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  Field(std::string_view k, T v) : key(k), value(std::uint64_t{v}) {}
};

void StartLog(const LogOptions& options);
// Writes what is queued, for a second at most if the sink is stuck, and ends the log's thread.
void StopLog();

void SetLogLevel(Level level);
bool LogEnabled(Level level);
void Log(Level level, std::string_view message, std::initializer_list<Field> fields = {});

// Lines that were not written since the start of the process.
std::uint64_t DroppedLogLines();

// `text` with everything key-shaped masked, e.g. "Bearer ****" and "sk-****".
std::string Redact(std::string_view text);

}  // namespace signalbox::telemetry
