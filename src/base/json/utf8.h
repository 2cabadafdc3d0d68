// Whether bytes are UTF-8 (RFC 3629). Pure functions, any thread, no errors.
#pragma once

#include <cstddef>
#include <string_view>

namespace signalbox::json {

bool IsUtf8(std::string_view text);

// Offset of the first byte of the first sequence that is not UTF-8; the size when all are.
std::size_t FirstFlawInUtf8(std::string_view text);

}  // namespace signalbox::json
