// Base64 (RFC 4648, section 4).
//
// Pure. Errors: nullopt for text that is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signalbox::core {

std::string ToBase64(std::string_view bytes);
void AppendBase64(std::string_view bytes, std::string& out);
// Blanks and missing padding are accepted.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace signalbox::core
