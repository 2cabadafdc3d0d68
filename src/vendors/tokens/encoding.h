// The published encodings that Signalbox counts exactly. Plain data.
#pragma once

#include <cstdint>
#include <string_view>

namespace signalbox::tokens {

enum class Encoding : std::uint8_t {
  kCl100k,  // cl100k_base: GPT-4, GPT-3.5, embeddings
  kO200k,   // o200k_base: GPT-4o and later, the o series
};
inline constexpr Encoding kEncodings[] = {Encoding::kCl100k, Encoding::kO200k};

inline std::string_view Name(Encoding encoding) {
  return encoding == Encoding::kCl100k ? "cl100k_base" : "o200k_base";
}

}  // namespace signalbox::tokens
