// Models in the configuration: more rows, other prices.
//
//   catalog:
//     openai/gpt-4o:                    # provider/model, as the provider knows it
//       prices: { "2026-10-01": { input: 2, output: 8, cached: 1 } }
//     azure/our-deployment: { like: azure/gpt-4o }
//
// Owner:   the configuration snapshot. Threads: read only once made. Cancel: nothing to undo.
// Errors:  every problem at once, each with the key it stands at.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config/table.h"
#include "base/core/error.h"
#include "vendors/catalog/catalog.h"

namespace signalbox::catalog {

// US dollars as exact text ("2.5"; per million tokens or characters, else each); empty or
// "unknown": not known.
struct PriceOptions {
  std::string input;
  std::string output;
  std::string cached;
  std::string cache_write;
  std::string cache_write_hour;
  std::string reasoning;
  std::string audio_input;
  std::string audio_output;
  std::string image;
  std::string second;
  std::string character;
  std::string search;
  std::vector<std::string> more;  // rates as the rows write them: "input>200k=5", "output@batch=4"
};

// The plain prices among them.
struct PriceKey {
  Unit unit;
  std::string_view key;
  std::string PriceOptions::* member;
  std::string_view doc;
};
std::span<const PriceKey> PriceKeys();

struct ModelOptions {
  std::string like;  // provider/model whose facts and prices it starts from; else its own row's
  std::vector<std::string> aliases;
  std::optional<Mode> mode;
  std::optional<std::uint32_t> context;
  std::optional<std::uint32_t> max_output;
  std::optional<std::vector<std::string>> abilities;  // all that it does
  std::vector<std::string> lacks;
  std::vector<std::string> efforts;
  std::optional<std::uint32_t> least_budget;  // tokens to think with
  std::optional<std::uint32_t> most_budget;
  std::optional<bool> local;
  std::string region;
  std::optional<Class> speed;
  std::optional<Class> quality;
  std::string ends;
  std::map<std::string, PriceOptions> prices;  // by their first day, or "always"
};

using ConfiguredModels = std::map<std::string, ModelOptions>;  // by provider/model

const config::Table<ModelOptions>& ModelTable();

struct ConfiguredRows {
  std::string text;  // for Catalog::With
  std::vector<core::Error> problems;
};

// The rows of the configuration over those of `base`. Where it states a price of a model, none of
// the earlier ones counts any more.
ConfiguredRows MakeRows(const ConfiguredModels& models, const Catalog& base);

}  // namespace signalbox::catalog
