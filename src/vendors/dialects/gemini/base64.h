// Base64 as Google takes it: in the standard alphabet (RFC 4648, section 4) and in the one for URLs
// (section 5), which its Python SDK writes. Other vendors know the standard one only.
//
// Pure. Errors: nullopt for text that is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signalbox::gemini {

// Into the standard alphabet, with its padding; a text that is in it stays.
void ToStandardBase64(std::string& data);

// Both alphabets.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace signalbox::gemini
