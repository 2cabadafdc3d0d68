// Embeddings without a model: texts that share words get vectors that point the same way.
//
// Owner: nobody; pure functions. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Feature hashing (Weinberger et al., 2009): each word, and with less weight each run of three
// characters in it, adds or subtracts at a few places chosen by its hash; then the length is
// made 1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::sim {

inline constexpr std::size_t kDefaultDimensions = 384;
inline constexpr std::size_t kMaxDimensions = 8192;

// A unit vector; equal for equal texts whatever their case and white space.
std::vector<float> Embed(std::string_view text, std::size_t dimensions);

// A JSON list of the shortest numbers that read back equal.
void AppendNumbers(std::string& out, const std::vector<float>& vector);
// A JSON string: Base64 of little-endian IEEE 754 numbers.
void AppendPacked(std::string& out, const std::vector<float>& vector);

}  // namespace signalbox::sim
