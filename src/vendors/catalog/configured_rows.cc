#include <fmt/format.h>

#include <algorithm>

#include "vendors/catalog/families.h"
#include "vendors/catalog/options.h"
#include "vendors/catalog/rate.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

using core::ErrorCode;
using core::Fail;
using core::Status;

Status AddRate(Unit unit, const std::string& text, std::vector<Rate>& rates) {
  if (text.empty() || text == "unknown") {
    return {};
  }
  const auto price = ReadUsd(text, PerOf(unit));
  if (!price) {
    return Fail(ErrorCode::kInvalidRequest,
                "expected US dollars such as 2.5, or unknown, with at most 12 decimals for one "
                "unit and 6 for a million");
  }
  rates.push_back({.unit = unit, .price = *price});
  return {};
}

class RowMaker {
 public:
  RowMaker(const std::string& key, const ModelOptions& options, const Catalog& base)
      : key_(key), options_(options), base_(base) {}

  // Appends the row to `rows`, or what is wrong to its problems.
  void Make(ConfiguredRows& rows) {
    const std::size_t problems = rows.problems.size();
    problems_ = &rows.problems;
    Model model = Start();
    Replace(model);
    ReplacePrices(model);
    if (rows.problems.size() > problems) {
      return;
    }
    rows.text += fmt::format("provider {}\n{}", model.provider, RowText(model));
    if (!model.dialect.empty()) {
      rows.text += " dialect=" + model.dialect;
    }
    if (model.privacy != Privacy::kUnknown) {
      rows.text.append(" privacy=").append(Name(model.privacy));
    }
    rows.text += '\n';
    for (const std::string& alias : options_.aliases) {
      rows.text += fmt::format("{} = {}\n", alias, model.id);
    }
  }

 private:
  void Complain(std::string_view where, std::string message) {
    problems_->push_back({ErrorCode::kInvalidRequest,
                          std::move(message),
                          where.empty() ? key_ : fmt::format("{}.{}", key_, where),
                          {}});
  }

  // A word of a row must not end it or begin another.
  bool IsWord(std::string_view where, std::string_view text) {
    const bool plain = IsPlainWord(text) || (where.empty() && text == "*");
    if (!plain) {
      Complain(where, "expected a name without spaces, # or =");
    }
    return plain;
  }

  Model Start() {
    Model model;
    const std::size_t slash = key_.find('/');
    const std::string provider = key_.substr(0, slash);
    const std::string id = slash == std::string::npos ? "" : key_.substr(slash + 1);
    if (slash == std::string::npos) {
      Complain("", "expected provider/model, such as openai/gpt-4o");
      return model;
    }
    IsWord("", provider);
    IsWord("", id);
    const std::string& source = options_.like.empty() ? key_ : options_.like;
    const std::size_t cut = source.find('/');
    const Model* known = cut == std::string::npos
                             ? nullptr
                             : base_.Find(source.substr(0, cut), source.substr(cut + 1));
    if (known != nullptr) {
      model = *known;
    } else if (!options_.like.empty()) {
      Complain("like", "no such model; expected provider/model, such as openai/gpt-4o");
    }
    model.provider = provider;
    model.id = id;
    model.capabilities.FillFrom(FamilyOf(id));
    return model;
  }

  void Replace(Model& model) {
    model.mode = options_.mode.value_or(model.mode);
    model.context = options_.context.value_or(model.context);
    model.max_output = options_.max_output.value_or(model.max_output);
    model.speed = options_.speed.value_or(model.speed);
    model.quality = options_.quality.value_or(model.quality);
    if (options_.local) {
      model.privacy = *options_.local ? Privacy::kLocal : Privacy::kCloud;
    }
    if (!options_.region.empty() && IsWord("region", options_.region)) {
      model.region = options_.region;
    }
    for (const std::string& alias : options_.aliases) {
      IsWord("aliases", alias);
    }
    if (!options_.ends.empty()) {
      model.ends = ReadDay(options_.ends);
      if (!model.ends) {
        Complain("ends", "expected a day such as 2026-10-01");
      }
    }
    ReplaceCapabilities(model);
  }

  void ReplaceCapabilities(Model& model) {
    Capabilities& out = model.capabilities;
    if (options_.abilities) {
      // Who lists what it can do lists all of it.
      out.cannot |= out.can & kSkills;
      out.can &= ~kSkills;
      ForEachAbility("abilities", *options_.abilities, [&](Ability ability) { out.Add(ability); });
    }
    ForEachAbility("lacks", options_.lacks, [&](Ability ability) { out.Deny(ability); });
    if (!options_.efforts.empty()) {
      out.efforts = 0;
      out.Add(Ability::kEffort);
    }
    for (const std::string& name : options_.efforts) {
      const auto effort = FindEffort(name);
      effort ? out.Add(*effort)
             : Complain("efforts", "expected none, minimal, low, medium, high, xhigh or max");
    }
    ReplaceBudget(out);
  }

  void ReplaceBudget(Capabilities& out) {
    if (options_.least_budget || options_.most_budget) {
      out.Add(Ability::kBudget);
      out.least_budget = options_.least_budget.value_or(out.least_budget);
      out.most_budget = options_.most_budget.value_or(out.most_budget);
      if (out.most_budget != 0 && out.most_budget < out.least_budget) {
        Complain("most_budget", "expected at least as many tokens as least_budget");
      }
    }
  }

  template <typename F>
  void ForEachAbility(std::string_view where, const std::vector<std::string>& names, F take) {
    for (const std::string& name : names) {
      if (const auto ability = FindAbility(name)) {
        take(*ability);
      } else {
        Complain(where, "expected abilities such as tools, vision, json or reasoning");
      }
    }
  }

  void ReplacePrices(Model& model) {
    if (!options_.prices.empty()) {
      model.prices.clear();
    }
    for (const auto& [day, options] : options_.prices) {
      const auto from = ReadDay(day);
      const std::string where = "prices." + day;
      if (!from && day != "always") {
        Complain(where, "expected the first day of these prices, such as 2026-10-01, or always");
      }
      model.prices.emplace_back(from, ReadRates(where, options));
    }
    std::ranges::sort(model.prices, {}, &Price::from);
  }

  std::vector<Rate> ReadRates(const std::string& where, const PriceOptions& options) {
    std::vector<Rate> rates;
    for (const PriceKey& key : PriceKeys()) {
      if (auto added = AddRate(key.unit, options.*key.member, rates); !added) {
        Complain(fmt::format("{}.{}", where, key.key), added.error().message);
      }
    }
    for (const std::string& word : options.more) {
      if (auto rate = ReadRate(word)) {
        rates.push_back(*rate);
      } else {
        Complain(where + ".more", "expected prices such as 'input>200k=5' or 'output@batch=4'");
      }
    }
    return rates;
  }

  const std::string& key_;
  const ModelOptions& options_;
  const Catalog& base_;
  std::vector<core::Error>* problems_ = nullptr;
};

}  // namespace

ConfiguredRows MakeRows(const ConfiguredModels& models, const Catalog& base) {
  ConfiguredRows rows;
  for (const auto& [key, options] : models) {
    RowMaker(key, options, base).Make(rows);
  }
  return rows;
}

}  // namespace signalbox::catalog
