// Where the parameters of a statement's text stand. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::store::postgres {

struct ParameterUses {
  // Per number from $1 on: how often it stands for a value, not counting `$1 IS [NOT] NULL`.
  std::vector<std::size_t> values;
  bool gap = false;  // a number is left out
  // The text with TRUE in place of the tests for null: the server finds the types of parameters
  // from the first place where they stand, and finds none there.
  std::string without_null_tests;
};

ParameterUses FindParameters(std::string_view text);

}  // namespace signalbox::store::postgres
