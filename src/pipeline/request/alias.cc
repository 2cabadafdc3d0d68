#include "pipeline/request/alias.h"

#include <charconv>

namespace signalbox::request {
namespace {

constexpr std::uint16_t kMostWeight = 1000;

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  while (text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

const config::Table<AliasOptions>& AliasTable() {
  static const auto table =
      config::Table<AliasOptions>("model", "A name of your own and what it stands for.")
          .Add("targets", &AliasOptions::targets,
               {.doc = "provider/model, other names of this section, or models that a provider is "
                       "known by, in order of preference or sharing the requests; a weight is "
                       "written behind: edge/llama-4-scout * 3. Without any, the model that is "
                       "called like this entry.",
                .max = kMostTargets})
          .Add("balance", &AliasOptions::balance,
               {.doc = "Whether the targets are tried in order or share the requests by weight.",
                .names = {{"ordered", Balance::kOrdered}, {"weighted", Balance::kWeighted}}})
          .Add("fallback", &AliasOptions::fallback,
               {.doc = "As targets, in order, tried when none of the targets can be.",
                .max = kMostTargets});
  return table;
}

std::optional<Weighted> ParseWeighted(std::string_view text) {
  const std::size_t star = text.rfind('*');
  if (star == std::string_view::npos) {
    const std::string_view name = Trim(text);
    return name.empty() ? std::nullopt : std::optional(Weighted{name, 1});
  }
  const std::string_view name = Trim(text.substr(0, star));
  const std::string_view number = Trim(text.substr(star + 1));
  std::uint16_t weight = 0;
  const auto [end, error] = std::from_chars(number.begin(), number.end(), weight);
  if (name.empty() || error != std::errc() || end != number.end() || weight < 1 ||
      weight > kMostWeight) {
    return std::nullopt;
  }
  return Weighted{name, weight};
}

}  // namespace signalbox::request
