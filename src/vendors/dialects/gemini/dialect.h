// Google's generateContent: the Gemini API, and Vertex AI, which says a few things in another way.
//
// Owner:   static, for ever. Threads: any.
// Errors:  as wire::Dialect's.
// Cancel:  nothing to undo.
// Source:  Google's OpenAPI document of v1beta, its guides, and recordings.
//
// Both go under one name, because their requests and answers mean the same: what is one's own is
// the other's own too.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gemini {

inline constexpr std::string_view kDialect = "gemini";

const wire::Dialect& TheDialect();
const wire::Dialect& Vertex();

// A URI that the Gemini API reads by itself (gs://, YouTube, its own files): not to be fetched.
bool TakesUri(std::string_view uri);

}  // namespace signalbox::gemini
