// `signalbox models list`.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "app/known_models.h"
#include "app/models_command.h"
#include "app/models_parts.h"
#include "base/config/problem.h"
#include "surface/cli/table.h"
#include "vendors/catalog/print.h"

namespace signalbox::app {
namespace {

using catalog::Unit;
using cli::Paint;
using cli::Terminal;

constexpr std::string_view kUnknown = "unknown";
constexpr std::chrono::days kSoon{60};

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Whether `name` matches `pattern`, in which * stands for any text; case does not count.
bool MatchesPattern(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) {
    return name.empty();
  }
  if (pattern.front() == '*') {
    return MatchesPattern(pattern.substr(1), name) ||
           (!name.empty() && MatchesPattern(pattern, name.substr(1)));
  }
  return !name.empty() && Lower(pattern.front()) == Lower(name.front()) &&
         MatchesPattern(pattern.substr(1), name.substr(1));
}

bool Matches(const KnownModel& model, const ListArguments& arguments,
             const std::vector<catalog::Ability>& abilities) {
  const bool pattern = arguments.filter.find('*') != std::string::npos;
  if (!arguments.filter.empty() &&
      !MatchesPattern(pattern ? arguments.filter : "*" + arguments.filter + "*", model.name)) {
    return false;
  }
  const auto is_of = [&](const std::string& name) {
    return name.starts_with(arguments.provider + "/");
  };
  if (!arguments.provider.empty() && !is_of(model.name) &&
      std::ranges::none_of(model.targets, is_of)) {
    return false;
  }
  return std::ranges::all_of(abilities, [&](catalog::Ability ability) {
    return model.row != nullptr && model.row->Can(ability);
  });
}

cli::Cell PriceCell(const catalog::Price* price, Unit unit) {
  const catalog::PicoUsd stated = price != nullptr ? price->Stated(unit) : catalog::kUnknownPrice;
  return stated == catalog::kUnknownPrice
             ? cli::Cell{std::string(kUnknown), Paint::kDim}
             : cli::Cell{catalog::UsdText(stated, catalog::PerOf(unit))};
}

// What is to be known before it is used: where an alias leads, that a model is taken down.
cli::Cell NoteCell(const KnownModel& model, core::WallTime now) {
  std::string text;
  for (const std::string& target : model.targets) {
    text.append(text.empty() ? "" : ", ").append(target);
  }
  if (model.row == nullptr || !model.row->ends || *model.row->ends > now + kSoon) {
    return {text};
  }
  const bool over = *model.row->ends <= now;
  text.append(text.empty() ? "" : "; ").append(over ? "ended " : "ends ");
  return {text + catalog::DayText(*model.row->ends), over ? Paint::kBad : Paint::kWarn};
}

// What people choose by; `show` has the rest.
std::string CanText(const KnownModel& model) {
  using catalog::Ability;
  catalog::Capabilities told;
  for (const Ability ability : {Ability::kTools, Ability::kVision, Ability::kPdf,
                                Ability::kAudioInput, Ability::kJsonSchema, Ability::kReasoning}) {
    if (model.row != nullptr && model.row->Can(ability)) {
      told.Add(ability);
    }
  }
  return catalog::AbilityList(told.can);
}

std::string ListTable(const std::vector<KnownModel>& models, const Terminal& terminal) {
  cli::Table table({{.heading = "MODEL", .least = 14},
                    {.heading = "MODE", .leave_out = 5},
                    {.heading = "CONTEXT", .right = true, .leave_out = 3},
                    {.heading = "INPUT $/M", .right = true},
                    {.heading = "CACHED $/M", .right = true, .leave_out = 4},
                    {.heading = "OUTPUT $/M", .right = true},
                    {.heading = "NOTE", .least = 12, .leave_out = 2},
                    {.heading = "CAN", .leave_out = 6}});
  const core::WallTime now = core::WallNow();
  for (const KnownModel& model : models) {
    const catalog::Price* price = model.row != nullptr ? model.row->PriceAt(now) : nullptr;
    const std::uint32_t context = model.row != nullptr ? model.row->context : 0;
    table.Add({{model.name, model.targets.empty() ? Paint::kPlain : Paint::kBold},
               {std::string(model.row != nullptr ? catalog::Name(model.row->mode) : kUnknown)},
               {context == 0 ? std::string(kUnknown) : std::to_string(context),
                context == 0 ? Paint::kDim : Paint::kPlain},
               PriceCell(price, Unit::kInput),
               PriceCell(price, Unit::kCached),
               PriceCell(price, Unit::kOutput),
               NoteCell(model, now),
               {CanText(model)}});
  }
  return table.Rendered(terminal);
}

void NamesJson(std::span<const std::string> names, json::Writer& out) {
  out.BeginArray();
  for (const std::string& name : names) {
    out.String(name);
  }
  out.EndArray();
}

std::string ListJson(const std::vector<KnownModel>& models) {
  std::string text;
  json::Writer out(text);
  out.BeginObject().Key("models").BeginArray();
  for (const KnownModel& model : models) {
    out.BeginObject().Key("name").String(model.name).Key("targets");
    NamesJson(model.targets, out);
    out.Key("model");
    if (model.row == nullptr) {
      out.Null();
    } else {
      catalog::ShowJson({model.row, {}}, core::WallNow(), out);
    }
    out.EndObject();
  }
  out.EndArray().EndObject();
  return text;
}

std::vector<std::string> AbilityNames() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < catalog::kAbilities; ++i) {
    names.emplace_back(catalog::Name(static_cast<catalog::Ability>(i)));
  }
  return names;
}

}  // namespace

int ModelsList(const config::Request& request, const ListArguments& arguments) {
  std::vector<catalog::Ability> abilities;
  for (const std::string& name : arguments.capabilities) {
    const auto ability = catalog::FindAbility(name);
    if (!ability) {
      const std::string nearest = config::Nearest(name, AbilityNames());
      return ComplainOfModels(
          "list",
          fmt::format("--capability: {} is none{}; there are {}", cli::Printable(name),
                      nearest.empty() ? "" : ", did you mean " + nearest + "?",
                      fmt::join(AbilityNames(), ", ")),
          cli::kWrongUse);
    }
    abilities.push_back(*ability);
  }
  const auto snapshot = ReadSnapshot(request);
  if (snapshot == nullptr) {
    return cli::kWrongUse;
  }
  auto models = arguments.all ? CatalogModels(*snapshot->catalog) : KnownModels(*snapshot);
  std::erase_if(models,
                [&](const KnownModel& model) { return !Matches(model, arguments, abilities); });
  if (arguments.json) {
    fmt::print("{}\n", ListJson(models));
    return models.empty() ? cli::kFailed : cli::kDone;
  }
  if (models.empty()) {
    return ComplainOfModels("list",
                            arguments.all
                                ? "no model of the catalogue matches"
                                : "none of the models that can be asked for here matches; --all "
                                  "looks through the whole catalogue",
                            cli::kFailed);
  }
  fmt::print("{}", ListTable(models, cli::TerminalOf(STDOUT_FILENO)));
  return cli::kDone;
}

}  // namespace signalbox::app
