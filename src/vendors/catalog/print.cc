#include "vendors/catalog/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace signalbox::catalog {
namespace {

constexpr std::string_view kUnknown = "unknown";

std::string TokensText(std::uint32_t tokens) {
  return tokens == 0 ? std::string(kUnknown) : std::to_string(tokens);
}

std::string TextOr(std::string_view text) {
  return std::string(text.empty() ? kUnknown : text);
}

std::string DayOr(const std::optional<std::chrono::sys_days>& day) {
  return day ? DayText(*day) : std::string(kUnknown);
}

std::string PriceText(const Price* price, Unit unit) {
  const PicoUsd stated = price != nullptr ? price->Stated(unit) : kUnknownPrice;
  return stated == kUnknownPrice ? std::string(kUnknown) : UsdText(stated, PerOf(unit));
}

std::string FullName(const Model& model) {
  return model.provider + "/" + model.id;
}

std::string BudgetText(const Capabilities& capabilities) {
  if (capabilities.most_budget == 0) {
    return capabilities.least_budget == 0 ? ""
                                          : fmt::format("{} or more", capabilities.least_budget);
  }
  return fmt::format("{} to {}", capabilities.least_budget, capabilities.most_budget);
}

void NamesJson(std::string_view key, std::string_view list, json::Writer& out) {
  out.Key(key).BeginArray();
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    out.String(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  out.EndArray();
}

void CapabilitiesJson(const Capabilities& capabilities, json::Writer& out) {
  NamesJson("abilities", AbilityList(capabilities.can), out);
  NamesJson("lacks", AbilityList(capabilities.cannot), out);
  NamesJson("efforts", EffortList(capabilities.efforts), out);
  if (capabilities.least_budget != 0 || capabilities.most_budget != 0) {
    out.Key("budget").BeginObject().Key("least").Uint(capabilities.least_budget);
    if (capabilities.most_budget != 0) {
      out.Key("most").Uint(capabilities.most_budget);
    }
    out.EndObject();
  }
}

// "input above 200k tokens, batch"
std::string RateName(const Rate& rate) {
  std::string out(Name(rate.unit));
  if (rate.above > 0) {
    out += fmt::format(" above {} tokens", rate.above);
  }
  if (rate.tier != ServiceTier::kStandard) {
    out.append(", ").append(Name(rate.tier));
  }
  return out;
}

std::string_view PerText(Unit unit) {
  if (PerOf(unit) == Per::kOne) {
    return "each";
  }
  return unit == Unit::kCharacter ? "per million characters" : "per million tokens";
}

void PricesText(const Model& model, const Price* now, std::string& out) {
  if (model.prices.empty()) {
    out += "prices       unknown\n";
  }
  for (const Price& price : model.prices) {
    out += fmt::format("prices       from {}{}\n", DayOr(price.from()),
                       &price == now ? ", in force" : "");
    for (const Rate& rate : price.rates()) {
      out += fmt::format("  {:<34} {:>12} USD {}\n", RateName(rate),
                         UsdText(rate.price, PerOf(rate.unit)), PerText(rate.unit));
    }
  }
}

void TokensJson(std::string_view key, std::uint32_t tokens, json::Writer& out) {
  out.Key(key);
  tokens == 0 ? out.String(kUnknown) : out.Uint(tokens);
}

void PriceJson(const Price& price, json::Writer& out) {
  out.BeginObject().Key("from").String(DayOr(price.from())).Key("rates").BeginArray();
  for (const Rate& rate : price.rates()) {
    out.BeginObject().Key("unit").String(Name(rate.unit));
    out.Key("tier").String(Name(rate.tier)).Key("above_tokens").Uint(rate.above);
    out.Key("usd").String(UsdText(rate.price, PerOf(rate.unit)));
    out.Key("per").Uint(PerOf(rate.unit) == Per::kOne ? 1 : 1'000'000).EndObject();
  }
  out.EndArray().EndObject();
}

}  // namespace

std::string ShowText(const Catalog::Listed& listed, When when) {
  const Model& model = *listed.model;
  std::string out;
  const auto add = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{:<12} {}\n", name, value);
  };
  add("model", FullName(model));
  for (const std::string_view alias : listed.aliases) {
    add("also", fmt::format("{}/{}", model.provider, alias));
  }
  add("mode", Name(model.mode));
  add("dialect", TextOr(model.dialect));
  add("context", TokensText(model.context));
  add("max output", TokensText(model.max_output));
  add("can", TextOr(AbilityList(model.capabilities.can, ", ")));
  add("cannot", TextOr(AbilityList(model.capabilities.cannot, ", ")));
  if (model.capabilities.efforts != 0) {
    add("efforts", EffortList(model.capabilities.efforts, ", "));
  }
  if (const std::string budget = BudgetText(model.capabilities); !budget.empty()) {
    add("budget", budget + " tokens to think with");
  }
  add("speed", Name(model.speed));
  add("quality", Name(model.quality));
  add("privacy", Name(model.privacy));
  add("region", TextOr(model.region));
  add("ends", DayOr(model.ends));
  PricesText(model, model.PriceAt(when), out);
  return out;
}

void ShowJson(const Catalog::Listed& listed, When when, json::Writer& out) {
  const Model& model = *listed.model;
  const Price* price = model.PriceAt(when);
  out.BeginObject().Key("provider").String(model.provider).Key("id").String(model.id);
  out.Key("aliases").BeginArray();
  for (const std::string_view alias : listed.aliases) {
    out.String(alias);
  }
  out.EndArray();
  out.Key("mode").String(Name(model.mode)).Key("dialect").String(TextOr(model.dialect));
  TokensJson("context", model.context, out);
  TokensJson("max_output", model.max_output, out);
  CapabilitiesJson(model.capabilities, out);
  out.Key("speed").String(Name(model.speed)).Key("quality").String(Name(model.quality));
  out.Key("privacy").String(Name(model.privacy)).Key("region").String(TextOr(model.region));
  out.Key("ends").String(DayOr(model.ends));
  out.Key("price").BeginObject();
  for (const Unit unit : {Unit::kInput, Unit::kCached, Unit::kOutput}) {
    out.Key(fmt::format("{}_usd_per_million", Name(unit))).String(PriceText(price, unit));
  }
  out.Key("from").String(price != nullptr ? DayOr(price->from()) : std::string(kUnknown));
  out.EndObject().Key("prices").BeginArray();
  for (const Price& each : model.prices) {
    PriceJson(each, out);
  }
  out.EndArray().EndObject();
}

}  // namespace signalbox::catalog
