// What an echo says about a picture, a sound or a file: "[image 640x480]", "[audio wav]",
// "[document report.pdf]".
//
// Owner: nobody; pure. Threads: any. Errors: none; what cannot be read is left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vendors/chat/part.h"

namespace signalbox::sim {

struct PictureSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

// From the first bytes of a PNG, GIF or JPEG.
std::optional<PictureSize> ReadPictureSize(std::string_view bytes);

void AppendMediaFacts(std::string& out, const chat::Media& media);

// Tokens that a picture costs: 85, and 170 per tile of 512 pixels unless its detail is "low"
// (OpenAI's rule for gpt-4o, without the scaling); other media count by their size.
std::int64_t CountMediaTokens(const chat::Media& media);

}  // namespace signalbox::sim
