// What an estimate of tokens rests on: how much of which script a text has.
//
// Owner: nobody. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace signalbox::tokens {

enum class Feature : std::uint8_t {
  kWords,      // pieces with a Latin letter
  kAscii,      // letters a to z
  kAccented,   // other Latin letters
  kDigits,     // digits, one by one
  kNumbers,    // runs of up to three digits
  kSignRuns,   // pieces of signs
  kSigns,      // ASCII signs, one by one
  kSymbols,    // other signs, one by one; emoji among them
  kSpaceRuns,  // pieces of white space
  kCyrillic,   // letters of a script, marks included
  kGreek,
  kHan,
  kKana,
  kHangul,
  kArabic,
  kHebrew,
  kDevanagari,
  kIndic,  // the other scripts of India
  kThai,   // Thai, Lao, Tibetan, Burmese, Khmer
  kOtherScript,
  kForeign,  // letters a to z, as far as the text's accents say that it is not English
};
inline constexpr std::size_t kFeatures = 21;

using Features = std::array<std::size_t, kFeatures>;

Features FeaturesOf(std::string_view text);

}  // namespace signalbox::tokens
