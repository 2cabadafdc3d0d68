#include "io/store/postgres/parameters.h"

#include <algorithm>
#include <charconv>

namespace signalbox::store::postgres {
namespace {

// How much of the beginning of `rest` is a test for null; 0: none of it.
std::size_t NullTest(std::string_view rest) {
  for (const std::string_view test : {" IS NULL", " IS NOT NULL"}) {
    if (rest.starts_with(test)) {
      return test.size();
    }
  }
  return 0;
}

// What stands between quotes, the quotes included.
std::string_view Quoted(std::string_view rest) {
  const std::size_t end = rest.find(rest.front(), 1);
  return rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
}

}  // namespace

ParameterUses FindParameters(std::string_view text) {
  ParameterUses uses;
  std::vector<bool> seen;
  while (!text.empty()) {
    std::size_t taken = 1;
    std::size_t number = 0;
    if (text.front() == '\'' || text.front() == '"') {
      taken = Quoted(text).size();
    } else if (text.front() == '$') {
      const char* end = text.data() + text.size();
      const auto read = std::from_chars(text.data() + 1, end, number);
      taken = static_cast<std::size_t>(read.ptr - text.data());
    }
    const bool parameter = number > 0 && number <= 65'535;  // the protocol's most
    const std::size_t test = parameter ? NullTest(text.substr(taken)) : 0;
    uses.without_null_tests += test > 0 ? std::string_view("TRUE") : text.substr(0, taken);
    if (parameter) {
      seen.resize(std::max(seen.size(), number));
      uses.values.resize(seen.size());
      seen[number - 1] = true;
      uses.values[number - 1] += test > 0 ? 0 : 1;
    }
    text.remove_prefix(taken + test);
  }
  uses.gap = std::ranges::find(seen, false) != seen.end();
  return uses;
}

}  // namespace signalbox::store::postgres
