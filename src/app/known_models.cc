#include "app/known_models.h"

#include <algorithm>
#include <set>

namespace signalbox::app {
namespace {

constexpr std::string_view kAnyModel = "*";

KnownModel AliasOf(const Snapshot& snapshot, const std::string& name, const request::Route& route) {
  KnownModel out{.name = name, .row = RowOf(snapshot, route.front().target)};
  for (const request::Choice& choice : route) {
    out.targets.push_back(NameOf(snapshot, choice.target));
  }
  return out;
}

}  // namespace

std::string NameOf(const Snapshot& snapshot, const request::Target& target) {
  return snapshot.targets->ProviderOf(target).name + "/" + target.model;
}

const catalog::Model* RowOf(const Snapshot& snapshot, const request::Target& target) {
  const providers::Provider& provider = snapshot.targets->ProviderOf(target);
  return provider.vendor.empty() ? nullptr : snapshot.catalog->Find(provider.vendor, target.model);
}

std::vector<KnownModel> KnownModels(const Snapshot& snapshot) {
  std::vector<KnownModel> out;
  std::set<std::string> named;
  for (const auto& listed : snapshot.targets->listed()) {
    const auto resolved = snapshot.targets->Resolve(listed.id);
    if (resolved && resolved->route != nullptr && named.insert(listed.id).second) {
      out.push_back(AliasOf(snapshot, listed.id, *resolved->route));
    }
  }
  const auto rows = snapshot.catalog->List();
  const auto& providers = snapshot.targets->providers();
  for (std::uint32_t i = 0; i < providers.size(); ++i) {
    std::vector<KnownModel> of_one;
    const auto add = [&](const std::string& model, const catalog::Model* row) {
      std::string name = providers[i].name + "/" + model;
      if (named.insert(name).second) {
        of_one.push_back({std::move(name), {}, row});
      }
    };
    for (const std::string& model : providers[i].options.models) {
      add(model, RowOf(snapshot, {i, model}));
    }
    for (const catalog::Catalog::Listed& row : rows) {
      if (!providers[i].vendor.empty() && row.model->provider == providers[i].vendor &&
          row.model->id != kAnyModel) {
        add(row.model->id, row.model);
      }
    }
    std::ranges::sort(of_one, {}, &KnownModel::name);
    out.insert(out.end(), of_one.begin(), of_one.end());
  }
  return out;
}

std::vector<KnownModel> CatalogModels(const catalog::Catalog& catalog) {
  std::vector<KnownModel> out;
  for (const catalog::Catalog::Listed& row : catalog.List()) {
    if (row.model->id != kAnyModel) {
      out.push_back({row.model->provider + "/" + row.model->id, {}, row.model});
    }
  }
  std::ranges::sort(out, {}, &KnownModel::name);
  return out;
}

}  // namespace signalbox::app
