#include "base/config/interpolate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/config/load.h"

namespace signalbox::config {
namespace {

bool IsVariableName(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::ranges::all_of(name, allowed);
}

std::unexpected<InterpolationFault> Fault(std::string message, std::string_view missing = {}) {
  return std::unexpected(InterpolationFault{std::move(message), std::string(missing)});
}

}  // namespace

std::expected<Interpolated, InterpolationFault> Interpolate(std::string_view text,
                                                            const Environment& environment) {
  Interpolated out;
  while (true) {
    const auto open = text.find("${");
    if (open == text.npos) {
      out.text += text;
      return out;
    }
    if (open > 0 && text[open - 1] == '$') {
      out.text.append(text.substr(0, open - 1)).append("${");
      text.remove_prefix(open + 2);
      continue;
    }
    const auto close = text.find('}', open);
    if (close == text.npos) {
      return Fault("a ${ is never closed; write $${ for a plain ${");
    }
    const auto inside = text.substr(open + 2, close - open - 2);
    const auto fallback = inside.find(":-");
    const auto name = inside.substr(0, fallback);
    if (!IsVariableName(name)) {
      return Fault("expected ${NAME} or ${NAME:-default}; write $${ for a plain ${");
    }
    auto value = environment.Find(name);
    if (fallback != inside.npos && (!value || value->empty())) {
      value = inside.substr(fallback + 2);
    }
    if (!value) {
      return Fault(fmt::format("the environment variable {0} is not set; set it, or write "
                               "${{{0}:-default}}",
                               name),
                   name);
    }
    out.text.append(text.substr(0, open)).append(*value);
    if (out.text.size() > kMaxFileBytes) {
      return Fault("is longer than a whole configuration may be, variables put in");
    }
    if (out.variable.empty()) {
      out.variable = name;
    }
    text.remove_prefix(close + 1);
  }
}

std::string EscapeVariables(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && text.substr(i + 1).starts_with('{')) {
      out += '$';
    }
    out += text[i];
  }
  return out;
}

}  // namespace signalbox::config
