// Base64 (RFC 4648, section 4). Owner: nobody; pure. Threads: any. Errors: by return value.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::sim {

void AppendBase64(std::string& out, std::string_view bytes);

// The bytes up to the first character that is not Base64, at most `max_bytes` (and up to two more).
std::string DecodeBase64Start(std::string_view text, std::size_t max_bytes);

}  // namespace signalbox::sim
