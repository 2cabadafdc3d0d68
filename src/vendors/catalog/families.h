// What is known of whole families of models by their names: for models that the catalogue has no
// row of, and for what a row does not say. The one place for rules about names.
//
// Owner:   static. Threads: any. Errors: none. Cancel: nothing to undo.
// Budget:  a microsecond; a row of the catalogue is filled up once, when it is read.
// Source:  the vendors' model pages and guides, as families.cc says.
#pragma once

#include <string_view>

#include "vendors/catalog/model.h"

namespace signalbox::catalog {

// `model` as any platform writes it: "claude-opus-4-7", "us.anthropic.claude-3-haiku-…",
// "openrouter/openai/gpt-5", "models/gemini-2.5-pro". Nothing is known of a name that fits none.
const Capabilities& FamilyOf(std::string_view model);

// Of a row, or where there is none, of the model's name. A row for any model says nothing of one,
// unless somebody wrote into it what all have in common. Valid as long as the row.
const Capabilities& CapabilitiesOf(const Model* known, std::string_view model);

// Whether `name` fits `pattern`: '*' is any text, '#' a digit, '~' a dash or a dot; case does not
// count.
bool FitsPattern(std::string_view pattern, std::string_view name);

}  // namespace signalbox::catalog
