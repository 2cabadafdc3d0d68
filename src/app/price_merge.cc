#include "app/price_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "vendors/catalog/row.h"

namespace signalbox::app {
namespace {

using catalog::Model;
using catalog::PicoUsd;
using catalog::Price;
using catalog::Rate;
using catalog::Unit;
using Name = std::pair<std::string, std::string>;  // provider, id
using Rows = std::map<Name, Model>;

std::vector<Rate> Sorted(std::span<const Rate> rates) {
  std::vector<Rate> out(rates.begin(), rates.end());
  std::ranges::sort(out, {},
                    [](const Rate& rate) { return std::tuple(rate.tier, rate.above, rate.unit); });
  return out;
}

// The facts and prices of `before`, and over them what `next` knows.
Model Merged(const Model& before, const Model& next, std::chrono::sys_days day) {
  Model out = before;
  out.context = next.context != 0 ? next.context : before.context;
  out.max_output = next.max_output != 0 ? next.max_output : before.max_output;
  out.abilities |= next.abilities;
  out.ends = next.ends ? next.ends : before.ends;
  if (next.prices.empty()) {
    return out;
  }
  const Price& stated = next.prices.back();
  const Price* last = before.PriceAt(day);
  if (last != nullptr && Sorted(last->rates()) == Sorted(stated.rates())) {
    return out;
  }
  std::erase_if(out.prices,
                [day](const Price& price) { return price.from() && *price.from() >= day; });
  out.prices.emplace_back(day, Sorted(stated.rates()));
  return out;
}

std::string PriceText(const Price* price, Unit unit) {
  const PicoUsd stated = price != nullptr ? price->Stated(unit) : catalog::kUnknownPrice;
  return stated == catalog::kUnknownPrice ? "unknown"
                                          : catalog::UsdText(stated, catalog::PerOf(unit));
}

// What a person wants to know of a change.
std::string WhatChanged(const Model& before, const Model& after, std::chrono::sys_days day) {
  std::string out;
  const auto add = [&out](std::string_view what, const std::string& old, const std::string& now) {
    if (old != now) {
      out += fmt::format("{}{} {} -> {}", out.empty() ? "" : ", ", what, old, now);
    }
  };
  for (std::size_t i = 0; i < catalog::kUnits; ++i) {
    const auto unit = static_cast<Unit>(i);
    add(catalog::Name(unit), PriceText(before.PriceAt(day), unit),
        PriceText(after.PriceAt(day), unit));
  }
  add("context", std::to_string(before.context), std::to_string(after.context));
  add("max output", std::to_string(before.max_output), std::to_string(after.max_output));
  const auto ends = [](const Model& model) {
    return model.ends ? catalog::DayText(*model.ends) : "unknown";
  };
  add("ends", ends(before), ends(after));
  if (out.empty()) {
    return before.abilities != after.abilities ? "what it can do"
                                               : "prices of long prompts or tiers";
  }
  return out;
}

// Names without their date for models that no row has as its own: "gpt-9" of "gpt-9-2031-01-01".
std::string PlainNames(const catalog::Catalog& base, const Rows& rows,
                       const std::string& provider) {
  std::map<std::string_view, std::string_view> names;
  for (const auto& [name, model] : rows) {
    const std::string_view plain = catalog::WithoutDate(model.id);
    const bool free = name.first == provider && !plain.empty() && catalog::IsPlainWord(plain) &&
                      !rows.contains({provider, std::string(plain)});
    if (free) {
      const Model* other = base.Find(provider, plain);
      // A name that stands for a dated model goes on to a newer one, or stays with it.
      const bool newer =
          other != nullptr && catalog::WithoutDate(other->id) == plain && other->id <= model.id;
      if (other == nullptr || other->id == "*" || newer) {
        names[plain] = model.id;  // the newest
      }
    }
  }
  std::string out;
  for (const auto& [plain, id] : names) {
    out += fmt::format("{} = {}\n", plain, id);
  }
  return out;
}

std::string TextOf(const catalog::Catalog& base, const Rows& rows) {
  std::string out;
  std::string provider;
  for (const auto& [name, model] : rows) {
    if (name.first != provider) {
      out += provider.empty() ? "" : PlainNames(base, rows, provider);
      provider = name.first;
      out += fmt::format("\nprovider {}", provider);
      out += model.dialect.empty() ? "" : " dialect=" + model.dialect;
      out += fmt::format(" privacy={}\n", provider == "ollama" ? "local" : "cloud");
    }
    out += catalog::RowText(model) + "\n";
  }
  return out + (provider.empty() ? "" : PlainNames(base, rows, provider));
}

}  // namespace

PriceMerge MergePrices(const catalog::Catalog& base, const catalog::Sheet* before,
                       const catalog::PriceMap& list, std::chrono::sys_days day) {
  std::map<Name, const Model*> known;
  for (const catalog::Catalog::Listed& row : base.List()) {
    known[{row.model->provider, row.model->id}] = row.model;
  }
  Rows rows;
  for (std::size_t i = 0; before != nullptr && i < before->rows(); ++i) {
    const Model& row = before->RowAt(i);
    rows[{row.provider, row.id}] = row;
  }
  PriceMerge out;
  for (const Model& next : list.models) {
    const Name name{next.provider, next.id};
    const std::string text = next.provider + "/" + next.id;
    const auto found = known.find(name);
    if (found == known.end()) {
      out.added.push_back(text);
      rows[name] = next;
      continue;
    }
    Model merged = Merged(*found->second, next, day);
    if (catalog::RowText(merged) == catalog::RowText(*found->second)) {
      ++out.same;
      continue;
    }
    out.changed.push_back({text, WhatChanged(*found->second, merged, day)});
    rows[name] = std::move(merged);
  }
  if (!rows.empty()) {
    out.rows =
        "# Written by signalbox models refresh; remove this file to go back to the prices that "
        "ship.\n" +
        TextOf(base, rows);
  }
  return out;
}

}  // namespace signalbox::app
