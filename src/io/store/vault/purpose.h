// What a data key is for: "prompts", "memories", "provider_keys", "pepper". A thing sealed for one
// purpose does not open for another.
//
// A purpose is written in the program and nowhere else, and the compiler sees to it.
#pragma once

#include <string_view>

namespace signalbox::vault {

// 1 to 32 of a-z 0-9 _.
constexpr bool IsPurpose(std::string_view text) {
  for (const char c : text) {
    if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
      return false;
    }
  }
  return !text.empty() && text.size() <= 32;
}

class Purpose {
 public:
  template <std::size_t N>
  consteval Purpose(const char (&text)[N]) : text_(text, N - 1) {  // NOLINT: from a literal
    if (!IsPurpose(text_)) {
      throw "a purpose is 1 to 32 of a-z 0-9 _";
    }
  }

  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace signalbox::vault
