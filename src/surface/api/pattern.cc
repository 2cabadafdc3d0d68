#include "surface/api/pattern.h"

#include <algorithm>

namespace signalbox::api {
namespace {

// Takes the next step, with its slash, off `rest`.
std::string_view Step(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view step = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return step;
}

// What an id, a name or a number may be in a path.
bool IsParameter(std::string_view step) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':' || c == '@' || c == '+';
  };
  return !step.empty() && step != "." && step != ".." && std::ranges::all_of(step, allowed);
}

}  // namespace

bool Pattern::Matches(std::string_view path, PathParameters& out) const {
  if (!path.starts_with('/')) {
    return false;
  }
  // A slash too many at the end is another path.
  if (path.ends_with('/') != text_.ends_with('/') && !text_.ends_with("*}")) {
    return false;
  }
  path.remove_prefix(1);
  std::size_t taken = 0;
  for (std::string_view rest = text_.substr(1); !rest.empty();) {
    const std::string_view want = Step(rest);
    if (!want.starts_with('{')) {
      if (path.empty() || Step(path) != want) {
        return false;
      }
      continue;
    }
    const bool all = want.ends_with("*}");
    const std::string_view step = all ? path : Step(path);
    if (all ? step.empty() : !IsParameter(step)) {
      return false;
    }
    out[taken++] = step;
    path = all ? std::string_view() : path;
  }
  return path.empty();
}

std::string_view Pattern::name_of(std::size_t parameter) const {
  std::size_t open = text_.find('{');
  for (; parameter != 0 && open != text_.npos; --parameter) {
    open = text_.find('{', open + 1);
  }
  if (open == text_.npos) {
    return {};
  }
  const std::string_view name = text_.substr(open + 1, text_.find('}', open) - open - 1);
  return name.ends_with('*') ? name.substr(0, name.size() - 1) : name;
}

}  // namespace signalbox::api
