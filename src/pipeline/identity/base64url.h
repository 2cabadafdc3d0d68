// Base64 for URLs, without padding (RFC 4648 section 5, RFC 7515 section 2), read strictly: one
// text for one content, so that a signed text cannot be written in another way.
//
// Pure. Errors: nullopt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signalbox::identity {

std::optional<std::string> FromBase64Url(std::string_view text);
std::string ToBase64Url(std::string_view bytes);

}  // namespace signalbox::identity
