// What a call used, by kind, as the vendor counts it. Plain data.
#pragma once

#include <cstdint>

namespace signalbox::chat {

// Tokens; -1: not known.
struct Usage {
  std::int64_t input = -1;      // cached ones included
  std::int64_t output = -1;     // reasoning included
  std::int64_t cached = -1;     // of the input, read from the vendor's prompt cache
  std::int64_t reasoning = -1;  // of the output

  bool known() const { return input >= 0 || output >= 0; }
  friend bool operator==(const Usage&, const Usage&) = default;
};

}  // namespace signalbox::chat
