// `signalbox models show`, and names for shells.
#include <fmt/format.h>
#include <unistd.h>

#include "app/known_models.h"
#include "app/models_command.h"
#include "app/models_parts.h"
#include "base/config/problem.h"
#include "surface/cli/terminal.h"
#include "vendors/catalog/print.h"

namespace signalbox::app {
namespace {

// A model and its other names, as print.h takes it. A row that stands for any model takes the name
// that was asked for.
struct Shown {
  catalog::Model model;
  catalog::Catalog::Listed listed;
};

std::shared_ptr<Shown> ToShow(const Snapshot& snapshot, const catalog::Model& row,
                              std::string_view name) {
  auto out = std::make_shared<Shown>();
  out->model = row;
  for (const catalog::Catalog::Listed& each : snapshot.catalog->List()) {
    if (each.model == &row) {
      out->listed = each;
    }
  }
  if (row.id == "*") {
    out->model.id = name;
  }
  out->listed.model = &out->model;
  return out;
}

// The row of `name` without an alias: at a provider of the configuration, else at anybody.
const catalog::Model* FindRow(const Snapshot& snapshot, std::string_view name) {
  if (const auto resolved = snapshot.targets->Resolve(name);
      resolved && resolved->route == nullptr) {
    if (const catalog::Model* row = RowOf(snapshot, resolved->pinned)) {
      return row;
    }
  }
  const std::size_t slash = name.find('/');
  if (slash != std::string_view::npos) {
    if (const auto* row = snapshot.catalog->Find(name.substr(0, slash), name.substr(slash + 1))) {
      return row;
    }
  }
  return snapshot.catalog->FindAnywhere(name);
}

// The nearest of all names, written with its provider or, when `name` has none, without.
std::string NearestModel(const Snapshot& snapshot, const std::string& name) {
  std::vector<std::string> candidates;
  const bool bare = name.find('/') == std::string::npos;
  for (const auto& models : {KnownModels(snapshot), CatalogModels(*snapshot.catalog)}) {
    for (const KnownModel& model : models) {
      const std::size_t slash = bare ? model.name.find('/') : std::string::npos;
      candidates.push_back(slash == std::string::npos ? model.name : model.name.substr(slash + 1));
    }
  }
  return config::Nearest(name, candidates);
}

int ShowOne(const Snapshot& snapshot, const catalog::Model& row, std::string_view name, bool json) {
  const auto shown = ToShow(snapshot, row, name.substr(name.find('/') + 1));
  if (json) {
    std::string text;
    json::Writer out(text);
    catalog::ShowJson(shown->listed, core::WallNow(), out);
    fmt::print("{}\n", text);
    return cli::kDone;
  }
  const int columns = cli::TerminalOf(STDOUT_FILENO).columns;
  std::string_view rest;
  const std::string text = catalog::ShowText(shown->listed, core::WallNow());
  for (rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    fmt::print("{}\n", cli::Wrapped(rest.substr(0, rest.find('\n')), columns, 0));
  }
  return cli::kDone;
}

// An alias: its targets, each whole.
int ShowAlias(const Snapshot& snapshot, const std::string& name, const request::Route& route,
              bool json) {
  if (json) {
    std::string text;
    json::Writer out(text);
    out.BeginObject().Key("name").String(name).Key("targets").BeginArray();
    for (const request::Choice& choice : route) {
      out.BeginObject().Key("target").String(NameOf(snapshot, choice.target));
      out.Key("stage").Uint(choice.stage).Key("weight").Uint(choice.weight).Key("model");
      const catalog::Model* row = RowOf(snapshot, choice.target);
      row != nullptr ? catalog::ShowJson(ToShow(snapshot, *row, choice.target.model)->listed,
                                         core::WallNow(), out)
                     : static_cast<void>(out.Null());
      out.EndObject();
    }
    out.EndArray().EndObject();
    fmt::print("{}\n", text);
    return cli::kDone;
  }
  fmt::print("{} is a name for {} target{}; they are tried in this order\n", name, route.size(),
             route.size() == 1 ? "" : "s");
  for (const request::Choice& choice : route) {
    fmt::print("\n{} (stage {}, weight {})\n", NameOf(snapshot, choice.target), choice.stage + 1,
               choice.weight);
    if (const catalog::Model* row = RowOf(snapshot, choice.target)) {
      ShowOne(snapshot, *row, choice.target.model, false);
    } else {
      fmt::print("the catalogue knows nothing of it: prices and limits are unknown\n");
    }
  }
  return cli::kDone;
}

}  // namespace

int ModelsShow(const config::Request& request, const std::string& name, bool json) {
  const auto snapshot = ReadSnapshot(request);
  if (snapshot == nullptr) {
    return cli::kWrongUse;
  }
  if (const auto resolved = snapshot->targets->Resolve(name);
      resolved && resolved->route != nullptr) {
    return ShowAlias(*snapshot, name, *resolved->route, json);
  }
  if (const catalog::Model* row = FindRow(*snapshot, name)) {
    return ShowOne(*snapshot, *row, name, json);
  }
  for (const auto& listed : snapshot->targets->listed()) {
    if (listed.id == name) {
      const std::size_t slash = name.find('/');
      return ShowOne(*snapshot, {.provider = name.substr(0, slash), .id = name.substr(slash + 1)},
                     name, json);
    }
  }
  const std::string nearest = NearestModel(*snapshot, name);
  return ComplainOfModels(
      "show",
      fmt::format("nothing is known of \"{}\"{}; signalbox models list --all lists all "
                  "names",
                  cli::Printable(name),
                  nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"),
      cli::kFailed);
}

int CompleteNames(const config::Request& request, const std::string& kind) {
  const Prepared prepared = Prepare(request, {.look_for_local_servers = false});
  if (prepared.snapshot == nullptr) {
    return cli::kDone;
  }
  if (kind == "providers") {
    for (const providers::Provider& provider : prepared.snapshot->targets->providers()) {
      fmt::print("{}\n", cli::Printable(provider.name));
    }
    return cli::kDone;
  }
  for (const KnownModel& model : KnownModels(*prepared.snapshot)) {
    fmt::print("{}\n", cli::Printable(model.name));
  }
  return cli::kDone;
}

}  // namespace signalbox::app
