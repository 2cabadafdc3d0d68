// A name of the operator's own for models: one entry of `models:` in the configuration.
//
// Owner:   the configuration snapshot. Threads: read only once made.
// Errors:  those of the table; ParseWeighted answers nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config/table.h"

namespace signalbox::request {

// So many targets one name may have, fallbacks included.
inline constexpr std::size_t kMostTargets = 16;

enum class Balance : std::uint8_t {
  kOrdered,   // each target is tried when those before it cannot be
  kWeighted,  // the targets share the requests by their weights
};

// Each target is a name as a request may have it (another alias, `provider/model`, a bare model, a
// provider that has one to name), with a weight behind it where that matters:
// `edge/llama-4-scout * 3`. An alias in its own targets is the model of that name.
struct AliasOptions {
  std::vector<std::string> targets;  // empty: the model that is called like the alias
  std::vector<std::string> fallback;
  Balance balance = Balance::kOrdered;
};
const config::Table<AliasOptions>& AliasTable();

struct Weighted {
  std::string_view name;
  std::uint16_t weight = 1;
};
// "groq/llama * 3" is {groq/llama, 3}. Weights are 1 to 1000. The name stays a view of `text`.
std::optional<Weighted> ParseWeighted(std::string_view text);

}  // namespace signalbox::request
