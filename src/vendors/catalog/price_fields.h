// The members of a price list's entry that are prices.
//
// Owner: price_map. Threads: any. Errors: none; what is no price is not looked at.
// Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "vendors/catalog/price.h"

namespace signalbox::catalog {

// The rate that a member's name stands for, its price not filled in:
// "cache_read_input_token_cost_above_200k_tokens_priority" is cached>200k@priority.
std::optional<Rate> ReadPriceName(std::string_view name);

struct PriceFields {
  std::vector<Rate> rates;
  std::size_t rounded = 0;  // prices finer than a pico-dollar
};

// Every rate that `entry` states, tiered ones included.
PriceFields ReadPriceFields(const json::Value& entry);

}  // namespace signalbox::catalog
