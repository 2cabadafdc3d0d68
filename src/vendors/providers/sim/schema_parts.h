// The schemas that hold for one value at once: a schema, what it refers to, all of its allOf, and
// the branch of anyOf or oneOf that was chosen. Only for schema_sample.cc.
//
// Owner: the sampler; views into the schema's document. Threads: any. Errors: none; a reference to
// nowhere adds nothing. Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/json/document.h"

namespace signalbox::sim {

using Parts = std::vector<json::Value>;

inline constexpr int kRoomy = 3;  // levels on which optional properties are filled in

// Adds `schema` and what belongs to it. Near the root the first branch is chosen that is not null;
// below kRoomy whatever ends soonest.
void Collect(const json::Value& root, const json::Value& schema, int depth, Parts& parts);

// The first part's `key`.
std::optional<json::Value> Find(const Parts& parts, std::string_view key);
// The largest or smallest number that the parts have as `key`.
std::optional<double> Extreme(const Parts& parts, std::string_view key, bool largest);
std::size_t Size(const Parts& parts, std::string_view key, bool largest, std::size_t otherwise);

}  // namespace signalbox::sim
