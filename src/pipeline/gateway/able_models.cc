#include "pipeline/gateway/able_models.h"

#include <fmt/format.h>

#include <algorithm>

namespace signalbox::gateway {
namespace {

constexpr std::size_t kMostNamed = 3;

bool Can(const request::Target& target, catalog::Ability ability, const Lineup& lineup) {
  const catalog::Model* known = lineup.FindModel(target.provider, target.model);
  return catalog::CapabilitiesOf(known, target.model).Can(ability);
}

// Names that GET /v1/models lists; an alias when all that it leads to can.
std::vector<std::string> Listed(catalog::Ability ability, const Lineup& lineup) {
  std::vector<std::string> names;
  for (const auto& listed : lineup.targets().listed()) {
    const auto resolved = lineup.targets().Resolve(listed.id);
    if (!resolved || names.size() == kMostNamed) {
      continue;
    }
    const auto can = [&](const request::Choice& choice) {
      return Can(choice.target, ability, lineup);
    };
    if (resolved->route != nullptr ? std::ranges::all_of(*resolved->route, can)
                                   : Can(resolved->pinned, ability, lineup)) {
      names.push_back(listed.id);
    }
  }
  return names;
}

// Of the provider's rows that are alive and have no date in their name; what takes the longest
// prompts is the newest.
std::vector<std::string> OfProvider(catalog::Ability ability, const providers::Provider& provider,
                                    const catalog::Catalog& catalog) {
  std::vector<const catalog::Model*> rows;
  for (const auto& [model, aliases] : catalog.List()) {
    const bool lives = !model->ends || *model->ends > core::WallNow();
    if (model->provider == provider.vendor && model->Can(ability) && lives &&
        model->mode == catalog::Mode::kChat && catalog::WithoutDate(model->id).empty()) {
      rows.push_back(model);
    }
  }
  std::ranges::sort(rows, [](const catalog::Model* a, const catalog::Model* b) {
    return a->context != b->context ? a->context > b->context : a->id < b->id;
  });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(rows.size(), kMostNamed); ++i) {
    names.push_back(provider.name + "/" + rows[i]->id);
  }
  return names;
}

}  // namespace

core::Error TellLack(const wire::Lack& lack, std::string_view provider, std::string_view model) {
  return {core::ErrorCode::kInvalidRequest,
          fmt::format("{}: {}/{} {}", lack.path, provider, model, wire::Words(lack.ability)),
          lack.path,
          {}};
}

core::Error WithModelsThatCan(core::Error error, catalog::Ability ability, std::uint32_t provider,
                              const Lineup& lineup) {
  std::vector<std::string> names = Listed(ability, lineup);
  if (names.empty()) {
    names = OfProvider(ability, lineup.provider(provider), lineup.catalog());
  }
  if (!names.empty()) {
    error.message += fmt::format("; these can, for example: {}", fmt::join(names, ", "));
  }
  return error;
}

}  // namespace signalbox::gateway
