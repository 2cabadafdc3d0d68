// A price list laid over the catalogue: which models are new, whose prices changed, and the rows
// that say so.
//
// Owner: a command. Threads: pure. Errors: none; what the list does not know stays as it was.
// Cancel: nothing waits.
//
// A price that changed is added behind the earlier ones with the day of the list, so that calls of
// before still cost what they cost. A model that stays the same has no row of its own: what ships
// with a later Signalbox counts for it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "vendors/catalog/catalog.h"
#include "vendors/catalog/price_map.h"
#include "vendors/catalog/sheet.h"

namespace signalbox::app {

struct PriceMerge {
  struct Change {
    std::string name;  // "openai/gpt-4o"
    std::string what;  // "input 2.5 -> 2, output 10 -> 8"
  };
  std::vector<std::string> added;
  std::vector<Change> changed;
  std::size_t same = 0;
  std::string rows;  // the whole file; empty: there is nothing that the catalogue does not have
};

// `base`: the catalogue with the rows of `before`, which an earlier refresh wrote (may be null).
PriceMerge MergePrices(const catalog::Catalog& base, const catalog::Sheet* before,
                       const catalog::PriceMap& list, std::chrono::sys_days day);

}  // namespace signalbox::app
