#include "vendors/catalog/capabilities.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <span>

#include "vendors/catalog/rate.h"

namespace signalbox::catalog {
namespace {

using core::Status;
using Text = std::string_view;

constexpr auto kAbilityNames =
    std::to_array<Text>({"tools",       "parallel",     "vision",
                         "pdf",         "audio_in",     "audio_out",
                         "video_in",    "image_out",    "json",
                         "reasoning",   "cache",        "search",
                         "computer",    "sampling",     "both_top_p",
                         "effort",      "budget",       "json_object",
                         "full_schema", "result_media", "max_completion_tokens"});
static_assert(kAbilityNames.size() == kAbilities);
constexpr auto kEffortNames =
    std::to_array<Text>({"none", "minimal", "low", "medium", "high", "xhigh", "max"});
static_assert(kEffortNames.size() == kEfforts);

template <typename E, std::size_t N>
std::optional<E> Find(const std::array<Text, N>& names, Text name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<E>(found - names.begin()));
}

// Hands each item of "a,b,c" to `take`, which says whether it knows it.
template <typename F>
Status ForEachItem(Text list, Text expected, F take) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (!take(list.substr(0, comma))) {
      return Wrong(list.substr(0, comma), expected);
    }
    list = comma == Text::npos ? Text() : list.substr(comma + 1);
  }
  return {};
}

Status ReadAbilities(Text list, bool can, Capabilities& out) {
  return ForEachItem(list, "an ability such as tools or vision", [&](Text name) {
    const auto ability = FindAbility(name);
    if (ability) {
      can ? out.Add(*ability) : out.Deny(*ability);
    }
    return ability.has_value();
  });
}

std::optional<std::uint32_t> Tokens(Text text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

// "128-32768", "1024".
Status ReadBudget(Text value, Capabilities& out) {
  const std::size_t dash = value.find('-');
  const auto least = Tokens(value.substr(0, dash));
  const auto most = dash == Text::npos ? std::optional(0U) : Tokens(value.substr(dash + 1));
  if (!least || !most || (dash != Text::npos && *most < std::max(*least, 1U))) {
    return Wrong(value, "tokens such as 128-32768");
  }
  out.least_budget = *least;
  out.most_budget = *most;
  return {};
}

std::string List(std::uint32_t bits, std::span<const Text> names, Text between) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((bits >> i & 1U) != 0) {
      out.append(out.empty() ? "" : between).append(names[i]);
    }
  }
  return out;
}

}  // namespace

Text Name(Ability ability) {
  return kAbilityNames[static_cast<std::size_t>(ability)];
}
Text Name(Effort effort) {
  return kEffortNames[static_cast<std::size_t>(effort)];
}
std::optional<Ability> FindAbility(Text name) {
  return Find<Ability>(kAbilityNames, name);
}
std::optional<Effort> FindEffort(Text name) {
  return Find<Effort>(kEffortNames, name);
}

void Capabilities::FillFrom(const Capabilities& other) {
  const std::uint32_t said = can | cannot;
  can |= other.can & ~said;
  cannot |= other.cannot & ~said;
  efforts = efforts != 0 ? efforts : other.efforts;
  if (least_budget == 0 && most_budget == 0) {
    least_budget = other.least_budget;
    most_budget = other.most_budget;
  }
}

void Capabilities::ReplaceFrom(const Capabilities& newer) {
  Capabilities out = newer;
  out.FillFrom(*this);
  *this = out;
}

Text Capabilities::NearestEffort(Text effort) const {
  const auto wanted = FindEffort(effort);
  if (!wanted || efforts == 0 || Takes(*wanted)) {
    return effort;
  }
  const auto at = static_cast<int>(*wanted);
  int best = -1;
  // From the least on, so that of two as near the lesser is taken. Not to think is no little
  // thinking: only who asks for it gets it.
  for (int i = 1; i < static_cast<int>(kEfforts); ++i) {
    const bool nearer = best < 0 || std::abs(i - at) < std::abs(best - at);
    best = Takes(static_cast<Effort>(i)) && nearer ? i : best;
  }
  return best < 0 ? effort : kEffortNames[static_cast<std::size_t>(best)];
}

std::optional<Status> ReadCapability(Text key, Text value, Capabilities& out) {
  if (key == "can" || key == "cannot") {
    return ReadAbilities(value, key == "can", out);
  }
  if (key == "efforts") {
    return ForEachItem(value, "an effort such as low or high", [&](Text name) {
      const auto effort = FindEffort(name);
      if (effort) {
        out.Add(*effort);
      }
      return effort.has_value();
    });
  }
  return key == "budget" ? std::optional(ReadBudget(value, out)) : std::nullopt;
}

std::string CapabilityText(const Capabilities& capabilities) {
  std::string out;
  const auto add = [&out](Text key, const std::string& value) {
    if (!value.empty()) {
      out.append(" ").append(key).append(value);
    }
  };
  add("can=", AbilityList(capabilities.can));
  add("cannot=", AbilityList(capabilities.cannot));
  add("efforts=", EffortList(capabilities.efforts));
  if (capabilities.most_budget != 0) {
    add("budget=", fmt::format("{}-{}", capabilities.least_budget, capabilities.most_budget));
  } else if (capabilities.least_budget != 0) {
    add("budget=", std::to_string(capabilities.least_budget));
  }
  return out;
}

std::string AbilityList(std::uint32_t bits, Text between) {
  return List(bits, kAbilityNames, between);
}
std::string EffortList(std::uint8_t bits, Text between) {
  return List(bits, kEffortNames, between);
}

}  // namespace signalbox::catalog
