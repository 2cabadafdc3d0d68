// Which paths a route answers: `/api/keys/{id}`, `/v1/models/{model*}`.
//
// Owner: plain data over literals. Threads: any. Errors: one that is not well-formed does not
// compile. Cancel: nothing to undo.
//
// A path is compared as it was sent, byte by byte, and the same text decides on access: an escape,
// an empty step, a dot step, `;` or `\` never turns one path into another. Only what `{x*}` takes
// may hold them; it is a name to look up, not a path.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace signalbox::api {

inline constexpr std::size_t kMaxParameters = 2;

// What the parameters of a pattern took, in order; views of the path.
using PathParameters = std::array<std::string_view, kMaxParameters>;

class Pattern {
 public:
  consteval Pattern(const char* text) : text_(text) {  // NOLINT: written as a literal in tables
    if (!WellFormed(text_)) {
      throw "a path starts with a slash, its steps are a-z, 0-9, _ . - or {name}, {name*} is last";
    }
  }

  constexpr std::string_view text() const { return text_; }
  // Fills `out` when it matches.
  bool Matches(std::string_view path, PathParameters& out) const;

  // As OpenAPI writes it: without the star.
  std::string_view name_of(std::size_t parameter) const;

 private:
  static constexpr bool IsPlain(std::string_view step) {
    for (const char c : step) {
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-')) {
        return false;
      }
    }
    return !step.empty() && step != "." && step != "..";
  }
  static constexpr bool WellFormed(std::string_view text) {
    if (!text.starts_with('/')) {
      return false;
    }
    std::size_t parameters = 0;
    for (std::string_view rest = text.substr(1); !rest.empty();) {
      const std::size_t end = rest.find('/') == rest.npos ? rest.size() : rest.find('/');
      std::string_view step = rest.substr(0, end);
      if (end != rest.size() && end + 1 == rest.size()) {
        return false;  // a slash at the end
      }
      rest.remove_prefix(end == rest.size() ? end : end + 1);
      if (step.starts_with('{') && step.ends_with('}')) {
        step = step.substr(1, step.size() - 2);
        if (step.ends_with('*') && !rest.empty()) {
          return false;
        }
        step = step.ends_with('*') ? step.substr(0, step.size() - 1) : step;
        if (++parameters > kMaxParameters) {
          return false;
        }
      }
      if (!IsPlain(step)) {
        return false;
      }
    }
    return true;
  }

  std::string_view text_;
};

}  // namespace signalbox::api
