// Plain values that look as if a person had filled in the form: by format, by name, by bounds.
// Only for schema_sample.cc.
//
// Owner: nobody; pure functions. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::sim {

struct TextWish {
  std::string_view name;  // of the property, "" when there is none
  std::string format;
  std::optional<std::string> pattern;
  std::size_t min_length = 0;
  std::size_t max_length = SIZE_MAX;
};
std::string SampleText(const TextWish& wish, std::uint64_t draw);

struct NumberWish {
  std::optional<double> least;
  std::optional<double> most;
  bool above_least = false;  // least itself is not allowed
  bool below_most = false;
  double step = 0;  // multipleOf; 0: not asked
  bool integer = false;
};
// A JSON number.
std::string SampleNumber(const NumberWish& wish, std::uint64_t draw);

}  // namespace signalbox::sim
