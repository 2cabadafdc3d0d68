// Reads a community price list in JSON ("model_prices_and_context_window.json", kept by LiteLLM)
// into rows of our own: `signalbox models refresh --from FILE`, and the rows that ship.
//
// Owner:   the caller. Threads: any. Cancel: nothing to undo.
// Errors:  kInvalidRequest with line and column when the text is no JSON object. An entry that says
//          nothing of use is left out and counted.
//
// That list states US dollars per token in any decimal form. A price of 0 on a cloud model means
// that nobody filled it in, unless the name says ":free"; it becomes unknown.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "vendors/catalog/model.h"

namespace signalbox::catalog {

struct PriceMap {
  struct Alias {
    std::string provider;
    std::string name;
    std::string id;
  };
  std::vector<Model> models;   // by provider, then by id
  std::vector<Alias> aliases;  // of rows alone
  std::size_t entries = 0;     // that the text has
  std::size_t other = 0;       // of providers that Signalbox does not know
  std::size_t unpriced = 0;    // of `models`, that have no known price
  std::size_t rounded = 0;     // prices finer than a pico-dollar
};

// `from`: the day of the list; nobody says since when each price holds.
core::Result<PriceMap> ReadPriceMap(std::string_view json, std::chrono::sys_days from);

// The same of rows as models/README.md has them; each price has its own day.
core::Result<PriceMap> ReadPriceRows(std::string rows);

// The models as text that Sheet::Open reads, provider by provider; with names for those that exist
// only with a date or as "-latest".
std::string RowsText(std::span<const Model> models);

}  // namespace signalbox::catalog
