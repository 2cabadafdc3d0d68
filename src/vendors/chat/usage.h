// What a call used, by kind, as the vendor counts it. Plain data.
#pragma once

#include <cstdint>

namespace signalbox::chat {

// How large the web searches of a call were, where their price depends on it.
enum class SearchSize : std::uint8_t { kUnknown, kLow, kMedium, kHigh };

// Tokens unless said otherwise; -1: not known. A part is counted in its whole as well: the cached
// tokens of a prompt are also in `input`.
struct Usage {
  std::int64_t input = -1;      // cached, written, audio and image ones included
  std::int64_t output = -1;     // reasoning, audio and image ones included
  std::int64_t cached = -1;     // of the input, read from the vendor's prompt cache
  std::int64_t reasoning = -1;  // of the output

  std::int64_t cache_write = -1;       // of the input, written to the vendor's prompt cache
  std::int64_t cache_write_hour = -1;  // of cache_write, to be kept for an hour
  std::int64_t audio_input = -1;       // of the input
  std::int64_t audio_cached = -1;      // of cached and of audio_input
  std::int64_t audio_output = -1;      // of the output
  std::int64_t image_input = -1;       // of the input
  std::int64_t image_output = -1;      // of the output
  std::int64_t citation = -1;          // of cited sources, beside the input (Perplexity)

  std::int64_t images = -1;               // pictures made
  std::int64_t input_milliseconds = -1;   // of sound or film that was heard or seen
  std::int64_t output_milliseconds = -1;  // of sound or film that was made
  std::int64_t characters = -1;           // of text to be spoken
  std::int64_t searches = -1;             // of the web or of a ranking, as the vendor bills them
  SearchSize search_size = SearchSize::kUnknown;

  // Whether tokens were counted.
  bool known() const { return input >= 0 || output >= 0; }
  friend bool operator==(const Usage&, const Usage&) = default;
};

}  // namespace signalbox::chat
