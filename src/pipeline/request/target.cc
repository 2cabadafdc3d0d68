#include "pipeline/request/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace signalbox::request {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr std::string_view kAuto = "auto";
constexpr std::size_t kLongestShownName = 128;
constexpr std::size_t kLongestName = 255;  // as much as the ledger keeps

// What `auto` means at a provider when nobody said otherwise.
std::string_view DefaultModelOf(const providers::Provider& provider) {
  if (!provider.options.models.empty()) {
    return provider.options.models.front();
  }
  return provider.name == "openai" ? "gpt-4o" : "";
}

}  // namespace

const config::Table<AliasOptions>& AliasTable() {
  static const auto table =
      config::Table<AliasOptions>("model", "A name of your own for models of providers.")
          .Add("targets", &AliasOptions::targets,
               {.doc = "provider/model, in order of preference.", .min = 1, .required = true});
  return table;
}

const config::Table<RoutingOptions>& RoutingTable() {
  static const auto table =
      config::Table<RoutingOptions>("routing", "Which model answers.")
          .Add("default", &RoutingOptions::default_model,
               {.doc = "What the model name auto means: an alias or provider/model."});
  return table;
}

Targets::Targets(std::vector<providers::Provider> providers,
                 const std::map<std::string, AliasOptions>& aliases, const RoutingOptions& routing)
    : providers_(std::move(providers)) {
  for (std::uint32_t i = 0; i < providers_.size(); ++i) {
    by_name_.emplace(providers_[i].name, i);
  }
  for (const auto& [name, alias] : aliases) {
    AddAlias(name, alias);
  }
  ChooseDefault(routing);
  List();
}

void Targets::AddAlias(const std::string& name, const AliasOptions& alias) {
  for (const std::string& target : alias.targets) {
    auto resolved = ResolvePinned(target);
    if (!resolved) {
      resolved.error().param = "models." + name + ".targets";
      problems_.push_back(std::move(resolved).error());
      continue;
    }
    aliases_.try_emplace(name, *std::move(resolved));
  }
}

void Targets::ChooseDefault(const RoutingOptions& routing) {
  if (!routing.default_model.empty()) {
    auto resolved = Resolve(routing.default_model);
    if (resolved) {
      aliases_.insert_or_assign(std::string(kAuto), *std::move(resolved));
    } else {
      resolved.error().param = "routing.default";
      problems_.push_back(std::move(resolved).error());
    }
    return;
  }
  // The first provider that has a model to name; sim, which always has one, comes last.
  for (const bool sim : {false, true}) {
    for (std::uint32_t i = 0; i < providers_.size(); ++i) {
      const bool is_sim = providers_[i].type == providers::ProviderType::kSim;
      const std::string_view model = is_sim ? kAuto : DefaultModelOf(providers_[i]);
      if (is_sim == sim && !model.empty()) {
        aliases_.try_emplace(std::string(kAuto), Target{i, std::string(model)});
        return;
      }
    }
  }
}

void Targets::List() {
  for (const auto& [name, target] : aliases_) {
    listed_.push_back({name, ProviderOf(target).name});
  }
  for (const providers::Provider& provider : providers_) {
    for (const std::string& model : provider.options.models) {
      listed_.push_back({provider.name + "/" + model, provider.name});
    }
  }
  std::ranges::sort(listed_, {}, &Listed::id);
}

core::Result<Target> Targets::ResolvePinned(std::string_view name) const {
  const std::size_t slash = name.find('/');
  if (slash != std::string_view::npos && slash + 1 < name.size()) {
    if (const auto found = by_name_.find(name.substr(0, slash)); found != by_name_.end()) {
      return Target{found->second, std::string(name.substr(slash + 1))};
    }
  }
  std::vector<std::string_view> names;
  for (const providers::Provider& provider : providers_) {
    names.push_back(provider.name);
  }
  return Fail(ErrorCode::kNotFound,
              fmt::format("the model '{}' is not known here: no provider has it; write it as "
                          "provider/model with one of the providers {}, or 'auto'",
                          name.substr(0, kLongestShownName), fmt::join(names, ", ")),
              "model");
}

core::Result<Target> Targets::Resolve(std::string_view name) const {
  if (name.empty()) {
    name = kAuto;
  }
  if (name.size() > kLongestName) {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("the model's name has {} bytes, at most {} are taken", name.size(),
                            kLongestName),
                "model");
  }
  if (const auto found = aliases_.find(name); found != aliases_.end()) {
    return found->second;
  }
  for (std::uint32_t i = 0; i < providers_.size(); ++i) {
    for (const std::string& prefix : providers_[i].model_prefixes) {
      if (name.starts_with(prefix)) {
        return Target{i, std::string(name)};
      }
    }
  }
  return ResolvePinned(name);
}

}  // namespace signalbox::request
