// What may stand in a field that a caller fills.
//
// Pure. Errors: kInvalidRequest that names the field; it never repeats what stood there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "pipeline/identity/nouns.h"

namespace signalbox::identity {

inline constexpr std::size_t kMostName = 200;       // bytes
inline constexpr std::size_t kMostSearch = 100;     // bytes
inline constexpr std::size_t kMostRules = 100;      // of one kind in one key
inline constexpr std::size_t kMostTags = 32;        // in one key
inline constexpr std::size_t kMostMetadata = 4096;  // bytes
inline constexpr std::size_t kMostMembers = 64;     // of metadata

// UTF-8 without control characters, not blank, at most `most` bytes.
core::Status CheckText(std::string_view text, std::string_view field, std::size_t most = kMostName);
core::Status CheckEmail(std::string_view email);  // may be empty
core::Status CheckTags(const std::vector<std::string>& tags);
// A JSON object. What its keys are called means nothing here: they are never looked up.
core::Status CheckMetadata(std::string_view json);
core::Status CheckRights(const KeyRights& rights);

// Lists as one text, an item a line.
std::string Lines(const std::vector<std::string>& items);
std::vector<std::string> FromLines(std::string_view text);

// `%search%` in lower case for LIKE … ESCAPE '!'; everything in it stands for itself.
core::Result<std::string> SearchPattern(std::string_view search);

}  // namespace signalbox::identity
