// What dialects share that make pictures: which wishes nobody but OpenAI has a word for, what a
// size means, and what a file is by how it begins.
//
// Owner:   the caller. Threads: any.
// Errors:  kInvalidRequest that names the field, for what would make the answer wrong.
// Cancel:  nothing to undo.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "vendors/chat/images.h"

namespace signalbox::wire {

// Refuses what no vendor but OpenAI can: events, a URL, a background that is transparent; and more
// than `most` pictures a call. Notes in `dropped` the style, the user, the file format and their
// like, and members that are unknown.
core::Status CheckPictures(const chat::ImagesRequest& request, std::string_view title,
                           std::int64_t most, std::vector<std::string>& dropped);

struct PictureSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
};
// "1024x1536"; nullopt for none and "auto".
core::Result<std::optional<PictureSize>> SizeOf(const chat::ImagesRequest& request);

// Of `ratios` ("16:9") the one that comes nearest; empty where there is none.
std::string_view NearestRatio(const PictureSize& size, std::span<const std::string_view> ratios);

// Whether more than the usual effort is asked for, and whether less is.
bool WantsBest(std::string_view quality);
bool WantsLess(std::string_view quality);

// "image/png", "image/jpeg", "image/webp", "image/gif"; empty: none of these.
std::string_view PictureType(std::string_view bytes);

}  // namespace signalbox::wire
