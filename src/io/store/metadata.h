// Small facts beside a vector, and conditions on them.
//
// Owner:   values. Threads: any; pure.
// Errors:  kInvalidRequest names the key at fault. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/core/error.h"

namespace signalbox::store {

// Numbers are equal when they are worth the same: 3 is 3.0, and either may come back as the other.
using MetaValue = std::variant<std::int64_t, double, std::string>;
using Metadata = std::map<std::string, MetaValue, std::less<>>;

inline constexpr std::size_t kMostMetadataBytes = 4096;  // as JSON
inline constexpr std::size_t kMostConditions = 16;
inline constexpr std::size_t kMostValues = 256;  // of one condition

struct OneOf {
  std::string key;
  std::vector<MetaValue> values;  // at least one
};
// A number, the ends included.
struct Between {
  std::string key;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};
using Condition = std::variant<OneOf, Between>;
inline Condition Equals(std::string key, MetaValue value) {
  return OneOf{std::move(key), {std::move(value)}};
}

// All of them are to hold; none holds for a key that is not there. An empty one lets all pass.
using Filter = std::vector<Condition>;

bool SameValue(const MetaValue& a, const MetaValue& b);
bool Matches(const Filter& filter, const Metadata& metadata);

// Keys are not empty; texts are storable (text.h), numbers finite.
core::Status CheckMetadata(const Metadata& metadata);
core::Status CheckFilter(const Filter& filter);

// A flat JSON object, and what stands in one.
std::string MetadataJson(const Metadata& metadata);
core::Result<Metadata> ParseMetadata(std::string_view json);

}  // namespace signalbox::store
