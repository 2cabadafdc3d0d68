#include "app/price_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "vendors/catalog/row.h"

namespace signalbox::app {
namespace {

using catalog::Capabilities;
using catalog::Model;
using catalog::PicoUsd;
using catalog::Price;
using catalog::Rate;
using catalog::Unit;
using Name = std::pair<std::string, std::string>;  // provider, id
using Rows = std::map<Name, Model>;
using Aliases = std::map<Name, std::string>;  // provider and name; the id

std::vector<Rate> Sorted(std::span<const Rate> rates) {
  std::vector<Rate> out(rates.begin(), rates.end());
  std::ranges::sort(out, {},
                    [](const Rate& rate) { return std::tuple(rate.tier, rate.above, rate.unit); });
  return out;
}

// Unless it is what held anyway; later ones are not known any more.
void AddPrice(const Price& stated, std::chrono::sys_days from, Model& model) {
  const Price* last = model.PriceAt(from);
  if (last != nullptr && Sorted(last->rates()) == Sorted(stated.rates())) {
    return;
  }
  std::erase_if(model.prices,
                [from](const Price& price) { return price.from() && *price.from() >= from; });
  model.prices.emplace_back(from, Sorted(stated.rates()));
}

// The facts and prices of `before`, and over them what `next` knows.
Model Merged(const Model& before, const Model& next, std::chrono::sys_days day) {
  Model out = before;
  out.context = next.context != 0 ? next.context : before.context;
  out.max_output = next.max_output != 0 ? next.max_output : before.max_output;
  out.capabilities.ReplaceFrom(next.capabilities);
  out.ends = next.ends ? next.ends : before.ends;
  for (const Price& stated : next.prices) {
    AddPrice(stated, stated.from().value_or(day), out);
  }
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
  const auto gain = [&out](std::string_view what, const std::string& abilities) {
    if (!abilities.empty()) {
      out += fmt::format("{}now {} {}", out.empty() ? "" : ", ", what, abilities);
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
  const Capabilities& old = before.capabilities;
  const Capabilities& now = after.capabilities;
  gain("can", catalog::AbilityList(now.can & ~old.can, ", "));
  gain("cannot", catalog::AbilityList(now.cannot & ~old.cannot, ", "));
  add("efforts", catalog::EffortList(old.efforts), catalog::EffortList(now.efforts));
  add("budget", std::to_string(old.most_budget), std::to_string(now.most_budget));
  return out.empty() ? "prices of long prompts or tiers, or other names" : out;
}

// Those that a list or an earlier refresh gave, and names without their date for models that no row
// has as its own: "gpt-9" of "gpt-9-2031-01-01".
std::string OtherNames(const catalog::Catalog& base, const Rows& rows, const Aliases& aliases,
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
  for (const auto& [name, id] : aliases) {
    if (name.first == provider && rows.contains({provider, id}) && !rows.contains(name)) {
      names[name.second] = id;
    }
  }
  std::string out;
  for (const auto& [plain, id] : names) {
    out += fmt::format("{} = {}\n", plain, id);
  }
  return out;
}

std::string_view PrivacyOf(const Model& model) {
  return catalog::Name(model.privacy == catalog::Privacy::kUnknown ? catalog::Privacy::kCloud
                                                                   : model.privacy);
}

std::string TextOf(const catalog::Catalog& base, const Rows& rows, const Aliases& aliases) {
  std::string out;
  const Model* first = nullptr;  // of its provider: what the line says holds for the others
  for (const auto& [name, model] : rows) {
    if (first == nullptr || name.first != first->provider) {
      out += first == nullptr ? "" : OtherNames(base, rows, aliases, first->provider);
      first = &model;
      out += fmt::format("\nprovider {}", name.first);
      out += model.dialect.empty() ? "" : " dialect=" + model.dialect;
      out += fmt::format(" privacy={}\n", PrivacyOf(model));
    }
    out += catalog::RowText(model);
    out += model.dialect == first->dialect ? "" : " dialect=" + model.dialect;
    out +=
        PrivacyOf(model) == PrivacyOf(*first) ? "" : fmt::format(" privacy={}", PrivacyOf(model));
    out += "\n";
  }
  return out + (first == nullptr ? "" : OtherNames(base, rows, aliases, first->provider));
}

// Whether the list has a name for it that leads elsewhere so far.
bool HasNewName(const catalog::Catalog& base, const Aliases& aliases, const Name& model) {
  return std::ranges::any_of(aliases, [&](const auto& alias) {
    const auto& [name, id] = alias;
    if (name.first != model.first || id != model.second) {
      return false;
    }
    const Model* other = base.Find(name.first, name.second);
    return other == nullptr || other->id != id;
  });
}

}  // namespace

PriceMerge MergePrices(const catalog::Catalog& base, const catalog::Sheet* before,
                       const catalog::PriceMap& list, std::chrono::sys_days day) {
  std::map<Name, const Model*> known;
  for (const catalog::Catalog::Listed& row : base.List()) {
    known[{row.model->provider, row.model->id}] = row.model;
  }
  Rows rows;
  Aliases aliases;
  for (std::size_t i = 0; before != nullptr && i < before->rows(); ++i) {
    const Model& row = before->RowAt(i);
    rows[{row.provider, row.id}] = row;
    for (const std::string_view name : before->AliasesOf(i)) {
      aliases[{row.provider, std::string(name)}] = row.id;
    }
  }
  Aliases stated;
  for (const auto& [provider, name, id] : list.aliases) {
    aliases[{provider, name}] = stated[{provider, name}] = id;
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
    if (catalog::RowText(merged) == catalog::RowText(*found->second) &&
        !HasNewName(base, stated, name)) {
      ++out.same;
      continue;
    }
    const auto last = merged.prices.empty() ? std::nullopt : merged.prices.back().from();
    const auto then = std::max(day, last.value_or(day));  // its newest price may be yet to come
    out.changed.push_back({text, WhatChanged(*found->second, merged, then)});
    rows[name] = std::move(merged);
  }
  if (!rows.empty()) {
    out.rows =
        "# Written by signalbox models refresh; remove this file to go back to the prices that "
        "ship.\n" +
        TextOf(base, rows, aliases);
  }
  return out;
}

}  // namespace signalbox::app
