// Google's Schema, a subset of OpenAPI's with types in capitals, and JSON Schema.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: Google's OpenAPI document ("Schema") and its guide to structured output.
#pragma once

#include <string>
#include <string_view>

#include "base/json/document.h"

namespace signalbox::gemini {

// The same in JSON Schema. What only orders or illustrates (propertyOrdering, example) is left out.
std::string JsonSchemaOf(const json::Value& schema);

// The same in Google's Schema, for models that know no other; empty when that cannot say it: $ref,
// allOf, not, patternProperties, tuples, types that are alternatives, constants that are no texts.
// additionalProperties and formats that Google does not know are left out.
std::string SchemaOf(std::string_view json_schema);

}  // namespace signalbox::gemini
