// A model at a provider, and the table that turns a name into one.
//
// Owner:   the configuration snapshot. Threads: read only once made.
// Errors:  kNotFound that says which names there are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/config/table.h"
#include "base/core/error.h"
#include "vendors/providers/provider.h"

namespace signalbox::request {

// Where a request goes. `provider` indexes Targets::providers().
struct Target {
  std::uint32_t provider = 0;
  std::string model;  // as the provider knows it
};

// One entry of `models:` in the configuration: an alias.
struct AliasOptions {
  std::vector<std::string> targets;  // provider/model, in order of preference
};
const config::Table<AliasOptions>& AliasTable();

// The `routing` section, as far as it is served yet.
struct RoutingOptions {
  std::string default_model;  // what `auto` means; empty: the first provider that is not sim
};
const config::Table<RoutingOptions>& RoutingTable();

class Targets {
 public:
  Targets(std::vector<providers::Provider> providers,
          const std::map<std::string, AliasOptions>& aliases, const RoutingOptions& routing);

  const std::vector<providers::Provider>& providers() const { return providers_; }
  const providers::Provider& ProviderOf(const Target& target) const {
    return providers_[target.provider];
  }

  // `name`: an alias, `provider/model`, a bare name that one of the providers is known to have, or
  // `auto`.
  core::Result<Target> Resolve(std::string_view name) const;

  // Everything that is known by name, for GET /v1/models: `id` and the provider that has it.
  struct Listed {
    std::string id;
    std::string provider;
  };
  const std::vector<Listed>& listed() const { return listed_; }

  // What is wrong with the aliases and the default; empty when nothing is.
  const std::vector<core::Error>& problems() const { return problems_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Names = std::unordered_map<std::string, Target, Hash, std::equal_to<>>;

  core::Result<Target> ResolvePinned(std::string_view name) const;
  void AddAlias(const std::string& name, const AliasOptions& alias);
  void ChooseDefault(const RoutingOptions& routing);
  void List();

  std::vector<providers::Provider> providers_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> by_name_;
  Names aliases_;
  std::vector<Listed> listed_;
  std::vector<core::Error> problems_;
};

}  // namespace signalbox::request
