#include <fmt/format.h>

#include <map>
#include <set>

#include "vendors/catalog/catalog.h"
#include "vendors/catalog/price_map.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

using Text = std::string_view;

// What people call a model that exists only with a date or as "-latest"; empty when nothing else.
Text PlainName(Text id) {
  constexpr Text kLatest = "-latest";
  return id.ends_with(kLatest) ? id.substr(0, id.size() - kLatest.size()) : WithoutDate(id);
}

}  // namespace

std::string RowsText(std::span<const Model> models) {
  std::string out;
  std::map<std::pair<Text, Text>, Text> names;
  std::set<std::pair<Text, Text>> ids;
  for (const Model& model : models) {
    ids.emplace(model.provider, model.id);
    // The newest of the dated ones; "-latest" only where there is none, as lists forget it.
    if (const Text name = PlainName(model.id); IsPlainWord(name)) {
      Text& id = names[{model.provider, name}];
      id = id.empty() || !model.id.ends_with("-latest") ? Text(model.id) : id;
    }
  }
  const Model* before = nullptr;
  const auto add_names = [&] {
    for (const auto& [name, id] : names) {
      if (before != nullptr && name.first == before->provider && !ids.contains(name)) {
        out.append(name.second).append(" = ").append(id).append("\n");
      }
    }
  };
  for (const Model& model : models) {
    if (before == nullptr || before->provider != model.provider) {
      add_names();
      out += fmt::format("{}provider {} dialect={} privacy={}\n", out.empty() ? "" : "\n",
                         model.provider, model.dialect,
                         model.provider == "ollama" ? "local" : "cloud");
    }
    before = &model;
    out.append(RowText(model)).append("\n");
  }
  add_names();
  return out;
}

}  // namespace signalbox::catalog
