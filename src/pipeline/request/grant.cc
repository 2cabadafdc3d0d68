#include "pipeline/request/grant.h"

#include <algorithm>

namespace signalbox::request {
namespace {

// Whether `name` is what `rule` says, stars standing for any characters.
bool Matches(std::string_view rule, std::string_view name) {
  std::size_t at_rule = 0;
  std::size_t at_name = 0;
  std::size_t star = rule.npos;  // the last one seen, and where its characters end
  std::size_t taken = 0;
  while (at_name < name.size()) {
    if (at_rule < rule.size() && rule[at_rule] == '*') {
      star = at_rule++;
      taken = at_name;
    } else if (at_rule < rule.size() && rule[at_rule] == name[at_name]) {
      ++at_rule;
      ++at_name;
    } else if (star != rule.npos) {
      at_rule = star + 1;
      at_name = ++taken;
    } else {
      return false;
    }
  }
  return rule.find_first_not_of('*', at_rule) == rule.npos;
}

}  // namespace

bool NameRules::Allows(std::string_view name) const {
  return names.empty() ||
         std::ranges::any_of(names, [&](std::string_view rule) { return Matches(rule, name); });
}

}  // namespace signalbox::request
