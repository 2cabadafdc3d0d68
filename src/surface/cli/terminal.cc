#include "surface/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <utility>

namespace signalbox::cli {
namespace {

constexpr int kUsualColumns = 80;
constexpr std::string_view kClearLine = "\r\x1B[K";

bool IsOn(const config::Environment& environment, std::string_view name) {
  const auto value = environment.Find(name);
  return value && !value->empty() && *value != "0" && *value != "false";
}

bool HasColour(bool able, const config::Environment& environment) {
  const auto none = environment.Find("NO_COLOR");
  if (none && !none->empty()) {
    return false;
  }
  if (IsOn(environment, "FORCE_COLOR") || IsOn(environment, "CLICOLOR_FORCE")) {
    return true;
  }
  return able && environment.Find("CLICOLOR") != "0" && environment.Find("FORCE_COLOR") != "0";
}

int NumberOr(std::optional<std::string_view> text, int otherwise) {
  int number = 0;
  if (!text ||
      std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc() ||
      number <= 0) {
    return otherwise;
  }
  return number;
}

std::string_view CodeOf(Paint paint) {
  switch (paint) {
    case Paint::kPlain:
      return "";
    case Paint::kGood:
      return "\x1B[32m";
    case Paint::kWarn:
      return "\x1B[33m";
    case Paint::kBad:
      return "\x1B[31m";
    case Paint::kDim:
      return "\x1B[2m";
    case Paint::kBold:
      return "\x1B[1m";
  }
  return "";
}

// Progress is nothing to fail over.
void WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Terminal TerminalOf(int descriptor) {
  winsize size{};
  const bool is_terminal = isatty(descriptor) == 1;
  const bool knows = is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0;
  return TerminalFrom(is_terminal, knows ? size.ws_col : 0, config::Environment::FromProcess());
}

Terminal TerminalFrom(bool is_terminal, int columns, const config::Environment& environment) {
  const bool able = is_terminal && environment.Find("TERM") != "dumb";
  Terminal terminal{.colour = HasColour(able, environment), .interactive = able};
  if (is_terminal) {
    terminal.columns = NumberOr(environment.Find("COLUMNS"), columns > 0 ? columns : kUsualColumns);
  }
  return terminal;
}

std::string Painted(const Terminal& terminal, Paint paint, std::string_view text) {
  if (!terminal.colour || paint == Paint::kPlain || text.empty()) {
    return std::string(text);
  }
  return std::string(CodeOf(paint)).append(text).append("\x1B[0m");
}

StatusLine::StatusLine(int descriptor)
    : descriptor_(descriptor), terminal_(TerminalOf(descriptor)) {}

void StatusLine::Show(std::string_view text) {
  if (terminal_.interactive) {
    WriteAll(descriptor_, std::string(kClearLine) + Cut(text, terminal_.columns - 1));
    shown_ = true;
  }
}

void StatusLine::Clear() {
  if (std::exchange(shown_, false)) {
    WriteAll(descriptor_, kClearLine);
  }
}

}  // namespace signalbox::cli
