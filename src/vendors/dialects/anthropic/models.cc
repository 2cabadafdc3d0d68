#include "vendors/dialects/anthropic/models.h"

#include <cstddef>

namespace signalbox::anthropic {
namespace {

constexpr int kNewest = 999;

// "4-5", "4.5", "4", "3-7": tens and ones. A number of several digits is a date, not a version.
int VersionAt(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t i) {
    const bool one = i < text.size() && text[i] >= '0' && text[i] <= '9';
    const bool more = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    return one && !more ? text[i] - '0' : -1;
  };
  const int major = digit(at);
  if (major < 0) {
    return kNewest;
  }
  const bool joined = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '.');
  const int minor = joined ? digit(at + 2) : -1;
  return major * 10 + (minor < 0 ? 0 : minor);
}

// 35 for claude-3-5-haiku, 41 for claude-opus-4-1.
int VersionOf(std::string_view model) {
  if (model.find("claude-instant") != std::string_view::npos ||
      model.find("claude-v") != std::string_view::npos) {
    return 20;
  }
  for (const std::string_view family :
       {"claude-opus-", "claude-sonnet-", "claude-haiku-", "claude-"}) {
    const std::size_t at = model.find(family);
    if (at != std::string_view::npos) {
      return VersionAt(model, at + family.size());
    }
  }
  return kNewest;
}

}  // namespace

ModelTraits TraitsOf(std::string_view model) {
  const int version = VersionOf(model);
  return {.thinks = version >= 37,
          .takes_budget = version < 47,
          .takes_effort = version >= 46,
          .takes_xhigh = version >= 47,
          .takes_schema = version >= 41,
          .takes_sampling = version < 47,
          .takes_both_top_p = version < 41};
}

}  // namespace signalbox::anthropic
