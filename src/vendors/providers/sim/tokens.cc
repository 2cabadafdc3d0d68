#include "vendors/providers/sim/tokens.h"

#include <algorithm>
#include <array>

namespace signalbox::sim {
namespace {

enum class Class : std::uint8_t { kLetter, kDigit, kSpace, kMark, kHigh };

constexpr auto kClasses = [] {
  std::array<Class, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    classes[static_cast<std::size_t>(c)] = c >= 0x80              ? Class::kHigh
                                           : letter               ? Class::kLetter
                                           : c >= '0' && c <= '9' ? Class::kDigit
                                           : space                ? Class::kSpace
                                                                  : Class::kMark;
  }
  return classes;
}();

Class ClassOf(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}

std::size_t RunEnd(std::string_view text, std::size_t begin, Class of) {
  while (begin < text.size() && ClassOf(text[begin]) == of) {
    ++begin;
  }
  return begin;
}

// The end of the UTF-8 character that starts at `begin`; stray bytes go one by one.
std::size_t CharacterEnd(std::string_view text, std::size_t begin) {
  const auto lead = static_cast<unsigned char>(text[begin]);
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  std::size_t end = begin + 1;
  while (end < text.size() && end < begin + size &&
         (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    ++end;
  }
  return end;
}

std::size_t SpaceEnd(std::string_view text) {
  const std::size_t end = RunEnd(text, 0, Class::kSpace);
  // A run's last space belongs to the word after it.
  const bool lend =
      end > 1 && end < text.size() && text[end - 1] == ' ' && ClassOf(text[end]) != Class::kDigit;
  return lend ? end - 1 : end;
}

}  // namespace

std::size_t FirstTokenSize(std::string_view text) {
  const bool led = text.size() > 1 && text[0] == ' ' && ClassOf(text[1]) != Class::kSpace &&
                   ClassOf(text[1]) != Class::kDigit;
  const std::size_t begin = led ? 1 : 0;
  switch (ClassOf(text[begin])) {
    case Class::kLetter: {
      const std::size_t letters = RunEnd(text, begin, Class::kLetter) - begin;
      return begin + (letters <= kWholeWord ? letters : kWordPiece);
    }
    case Class::kDigit:
      return std::min(RunEnd(text, begin, Class::kDigit), begin + 3);
    case Class::kMark:
      return std::min(RunEnd(text, begin, Class::kMark), begin + 4);
    case Class::kHigh:
      return CharacterEnd(text, begin);
    case Class::kSpace:
      return SpaceEnd(text);
  }
  return 1;
}

std::int64_t CountTokens(std::string_view text) {
  std::int64_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(FirstTokenSize(text));
    ++count;
  }
  return count;
}

}  // namespace signalbox::sim
