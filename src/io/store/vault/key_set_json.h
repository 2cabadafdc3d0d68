// A KeySet as text, as key stores hold it.
//
// Pure. Errors: kInternal with the reason; it repeats nothing of the text.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "io/store/vault/key_store.h"

namespace signalbox::vault {

inline constexpr std::size_t kBoxBytes = 24 + 32 + 16;

// {"version":1,"revision":3,"master":"mkey_…","keys":[{"id":"dkey_…","purpose":"prompts","box":"…"}]}
// with one key a line.
std::string KeySetJson(const KeySet& set);
core::Result<KeySet> ParseKeySet(std::string_view text);

}  // namespace signalbox::vault
