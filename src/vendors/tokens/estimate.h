// How many tokens a text has for a model whose tokenizer is not built in: from the amount of each
// script in it, with rates fitted per family.
//
// Owner: nobody, constant tables. Threads: any. Errors: none; README.md states how far it is off.
// Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <string_view>

#include "vendors/tokens/features.h"
#include "vendors/tokens/models.h"

namespace signalbox::tokens {

// 0 for no text, at least 1 else, at most its bytes.
std::size_t Estimate(Family family, std::string_view text);
std::size_t Estimate(Family family, const Features& features);

}  // namespace signalbox::tokens
