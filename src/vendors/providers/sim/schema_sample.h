// A JSON document that satisfies a JSON Schema, for structured output and tool arguments.
//
// Owner: the caller. Threads: any. Errors: none; what is no schema gives some value.
// Cancel: nothing to undo.
//
// Honoured: type, enum, const, properties, required, additionalProperties, minProperties, items,
// prefixItems, contains, minItems, maxItems, uniqueItems, minimum, maximum, their exclusive forms,
// multipleOf, minLength, maxLength, pattern (pattern_sample.h), format, allOf, anyOf, oneOf (the
// first branch that fits), $ref inside the document, recursion. Not: not, if, dependent…,
// patternProperties, propertyNames.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/document.h"

namespace signalbox::sim {

// Appends the document. Equal schemas and seeds give equal documents.
void SampleSchema(const json::Value& schema, std::uint64_t seed, std::string& out);

// The same for a schema's text; "{}" when it is not JSON.
std::string SampleSchemaText(std::string_view schema, std::uint64_t seed);

}  // namespace signalbox::sim
