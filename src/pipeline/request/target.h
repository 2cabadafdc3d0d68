// A model at a provider, and the table that turns a name into one.
//
// Owner:   the configuration snapshot. Threads: read only once made.
// Errors:  kNotFound that says which names there are.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/config/table.h"
#include "base/core/error.h"
#include "pipeline/request/alias.h"
#include "pipeline/request/hints.h"
#include "pipeline/request/route.h"
#include "vendors/providers/provider.h"

namespace signalbox::request {

// What a name leads to.
struct Resolved {
  const Route* route = nullptr;  // of an alias, in Targets::routes(), not empty; null: `pinned`
  Target pinned;
};

// What `auto:low`, `auto:medium` and `auto:high` mean; the default stands behind each.
struct TierOptions {
  std::string low;
  std::string medium;
  std::string high;
};

// The `routing` section, as far as it is served yet.
struct RoutingOptions {
  std::string default_model;  // what `auto` means; empty: the first provider that is not sim
  TierOptions tiers;
  std::map<std::string, AliasOptions> tasks;  // what `auto` means for a task, by its name
};
const config::Table<RoutingOptions>& RoutingTable();

class RouteMaker;

class Targets {
 public:
  Targets(std::vector<providers::Provider> providers,
          const std::map<std::string, AliasOptions>& aliases, const RoutingOptions& routing);

  const std::vector<providers::Provider>& providers() const { return providers_; }
  const providers::Provider& ProviderOf(const Target& target) const {
    return providers_[target.provider];
  }

  // `name`: an alias, `provider/model`, a provider that has a model to name, a bare name that one
  // of the providers is known to have, `auto` or `auto:TIER`.
  core::Result<Resolved> Resolve(std::string_view name) const;
  // As a request asks: what it says, and where that leaves the choice (`auto`, or nothing), the
  // model it would like, then what its task is answered by.
  core::Result<Resolved> Resolve(std::string_view name, const Hints& hints) const;
  // Those of all aliases, tiers and tasks, and of `auto`.
  std::span<const Route> routes() const { return routes_; }

  // Everything that is known by name, for GET /v1/models: `id` and the provider that has it.
  struct Listed {
    std::string id;
    std::string provider;
  };
  const std::vector<Listed>& listed() const { return listed_; }

  // What is wrong with the aliases, tiers, tasks and the default; empty when nothing is.
  const std::vector<core::Error>& problems() const { return problems_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Numbers = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;

  core::Result<Target> FindModel(std::string_view name) const;
  std::string_view DefaultModelOf(const providers::Provider& provider) const;
  void NameRoute(Numbers& names, const std::string& name, Route route);
  void AddTiers(const TierOptions& tiers, RouteMaker& routes);
  void AddDefault(const RoutingOptions& routing, RouteMaker& routes);
  Route FirstDefault() const;
  void List();

  std::vector<providers::Provider> providers_;
  Numbers by_name_;
  Numbers aliases_;  // places in routes_; tiers and `auto` too
  Numbers tasks_;    // likewise
  std::vector<Route> routes_;
  std::vector<Listed> listed_;
  std::vector<core::Error> problems_;
};

}  // namespace signalbox::request
