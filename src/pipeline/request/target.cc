#include "pipeline/request/target.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/config/problem.h"
#include "pipeline/request/routes.h"
#include "pipeline/request/unknown_model.h"

namespace signalbox::request {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr std::string_view kAuto = "auto";
constexpr std::size_t kLongestName = 255;  // as much as the ledger keeps

const config::Table<TierOptions>& TierTable() {
  static const auto table =
      config::Table<TierOptions>("tiers",
                                 "What answers by the size of the task; the default stands behind "
                                 "each.")
          .Add("low", &TierOptions::low,
               {.doc = "What the model name auto:low means: a name of models, or provider/model."})
          .Add("medium", &TierOptions::medium, {.doc = "The same for auto:medium."})
          .Add("high", &TierOptions::high, {.doc = "The same for auto:high."});
  return table;
}

}  // namespace

const config::Table<RoutingOptions>& RoutingTable() {
  static const auto table =
      config::Table<RoutingOptions>("routing", "Which model answers.")
          .Add("default", &RoutingOptions::default_model,
               {.doc = "What the model name auto means: a name of models, or provider/model."})
          .Sub("tiers", &RoutingOptions::tiers, TierTable())
          .Map("tasks", &RoutingOptions::tasks, AliasTable(),
               {.doc = "What auto means in a request that names its task (x-signalbox-task), by "
                       "the task's name."});
  return table;
}

Targets::Targets(std::vector<providers::Provider> providers,
                 const std::map<std::string, AliasOptions>& aliases, const RoutingOptions& routing)
    : providers_(std::move(providers)) {
  for (std::uint32_t i = 0; i < providers_.size(); ++i) {
    by_name_.emplace(providers_[i].name, i);
  }
  RouteMaker routes(aliases, [this](std::string_view name) { return FindModel(name); });
  for (const auto& [name, alias] : aliases) {
    NameRoute(aliases_, name, routes.OfAlias(name));
  }
  AddDefault(routing, routes);
  AddTiers(routing.tiers, routes);
  for (const auto& [name, task] : routing.tasks) {
    NameRoute(tasks_, name, routes.OfEntry(config::Join("routing.tasks", name), task));
  }
  problems_ = routes.TakeProblems();
  List();
}

void Targets::NameRoute(Numbers& names, const std::string& name, Route route) {
  if (!route.empty()) {
    names.insert_or_assign(name, static_cast<std::uint32_t>(routes_.size()));
    routes_.push_back(std::move(route));
  }
}

// Behind each tier stands the default, as its last resort.
void Targets::AddTiers(const TierOptions& tiers, RouteMaker& routes) {
  for (const auto& [tier, name] : {std::pair("low", &tiers.low), std::pair("medium", &tiers.medium),
                                   std::pair("high", &tiers.high)}) {
    if (name->empty()) {
      continue;
    }
    Route route = routes.OfName(std::string("routing.tiers.") + tier, *name);
    if (const auto found = aliases_.find(kAuto); found != aliases_.end()) {
      Append(routes_[found->second], route);
      route.resize(std::min(route.size(), kMostTargets));
    }
    NameRoute(aliases_, fmt::format("{}:{}", kAuto, tier), std::move(route));
  }
}

void Targets::AddDefault(const RoutingOptions& routing, RouteMaker& routes) {
  if (!routing.default_model.empty()) {
    NameRoute(aliases_, std::string(kAuto),
              routes.OfName("routing.default", routing.default_model));
  } else if (!aliases_.contains(kAuto)) {
    NameRoute(aliases_, std::string(kAuto), FirstDefault());
  }
}

std::string_view Targets::DefaultModelOf(const providers::Provider& provider) const {
  return provider.type == providers::ProviderType::kSim ? kAuto
                                                        : std::string_view(provider.default_model);
}

// The first provider that has a model to name; sim, which always has one, comes last.
Route Targets::FirstDefault() const {
  for (const bool sim : {false, true}) {
    for (std::uint32_t i = 0; i < providers_.size(); ++i) {
      const std::string_view model = DefaultModelOf(providers_[i]);
      if ((providers_[i].type == providers::ProviderType::kSim) == sim && !model.empty()) {
        return {{Target{i, std::string(model)}}};
      }
    }
  }
  return {};
}

void Targets::List() {
  for (const auto& [name, number] : aliases_) {
    listed_.push_back({name, ProviderOf(routes_[number].front().target).name});
  }
  for (const providers::Provider& provider : providers_) {
    for (const std::string& model : provider.options.models) {
      listed_.push_back({provider.name + "/" + model, provider.name});
    }
  }
  std::ranges::sort(listed_, {}, &Listed::id);
}

core::Result<Target> Targets::FindModel(std::string_view name) const {
  const std::size_t slash = std::min(name.find('/'), name.size());
  if (const auto found = by_name_.find(name.substr(0, slash)); found != by_name_.end()) {
    const std::string_view model =
        slash == name.size() ? DefaultModelOf(providers_[found->second]) : name.substr(slash + 1);
    if (!model.empty()) {
      return Target{found->second, std::string(model)};
    }
  }
  for (std::uint32_t i = 0; i < providers_.size(); ++i) {
    for (const std::string& prefix : providers_[i].model_prefixes) {
      if (name.starts_with(prefix)) {
        return Target{i, std::string(name)};
      }
    }
  }
  std::vector<std::string> known;
  for (const Listed& model : listed_) {
    known.push_back(model.id);
  }
  return Fail(ErrorCode::kNotFound, UnknownModel(name, providers_, known), "model");
}

core::Result<Resolved> Targets::Resolve(std::string_view name) const {
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
    return Resolved{&routes_[found->second], {}};
  }
  SB_TRY(Target pinned, FindModel(name));
  return Resolved{nullptr, std::move(pinned)};
}

core::Result<Resolved> Targets::Resolve(std::string_view name, const Hints& hints) const {
  if (!name.empty() && name != kAuto) {
    return Resolve(name);
  }
  if (!hints.model.empty()) {
    return Resolve(hints.model);
  }
  const auto task = tasks_.find(hints.labels.task);
  return task != tasks_.end() ? Resolved{&routes_[task->second], {}} : Resolve(kAuto);
}

}  // namespace signalbox::request
