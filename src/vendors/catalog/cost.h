// What a call costs: its usage times the price that held for it.
//
// Owner: nobody, it is a function. Threads: any. Errors: what cannot be known is nullopt, never 0.
// Cancel: nothing to undo. Budget: 100 ns (catalog_bench.cc).
#pragma once

#include <optional>

#include "vendors/catalog/money.h"
#include "vendors/catalog/price.h"
#include "vendors/chat/usage.h"

namespace signalbox::catalog {

// The sum in pico-dollars, rounded once, half up, to nano-dollars. The size of the prompt is
// `usage.input` whole, so cached tokens count towards the price of long prompts.
//
// Tokens come first: seconds, characters and pictures are billed only where the model has no price
// for the tokens of that side, or the vendor counted none. nullopt when
//  - a unit that was used has no known price,
//  - a unit that has a price was not counted,
//  - the counts contradict each other (more cached tokens than input).
std::optional<NanoUsd> Cost(const Price& price, const chat::Usage& usage,
                            ServiceTier tier = ServiceTier::kStandard);

}  // namespace signalbox::catalog
