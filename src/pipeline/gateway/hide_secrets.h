// Some vendors repeat the key in the words that refuse it; callers must not read it there.
//
// Pure. Errors: none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vendors/providers/provider.h"

namespace signalbox::gateway {

// `text` with "***" for each of the provider's secrets; nothing when none is in it.
std::optional<std::string> HideSecrets(std::string_view text, const providers::Provider& provider);

}  // namespace signalbox::gateway
