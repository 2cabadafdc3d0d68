// The names that a configuration can be asked for, and what the catalogue knows of them.
//
// Owner: a command. Threads: any; plain data that refers to the snapshot. Errors: none.
// Cancel: nothing waits.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/snapshot.h"
#include "vendors/catalog/catalog.h"

namespace signalbox::app {

struct KnownModel {
  std::string name;                     // as a request writes it
  std::vector<std::string> targets;     // of an alias, in the order they are tried
  const catalog::Model* row = nullptr;  // of the first target; null: the catalogue has none
};

// Aliases first, then what each provider is configured to have and what the catalogue has of it.
std::vector<KnownModel> KnownModels(const Snapshot& snapshot);

// Every row of the catalogue, whoever can be asked for it.
std::vector<KnownModel> CatalogModels(const catalog::Catalog& catalog);

// The row of `model` at a provider of the configuration; null when there is none.
const catalog::Model* RowOf(const Snapshot& snapshot, const request::Target& target);

// "openai/gpt-4o": the target as a request may name it.
std::string NameOf(const Snapshot& snapshot, const request::Target& target);

}  // namespace signalbox::app
