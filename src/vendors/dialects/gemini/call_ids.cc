#include "vendors/dialects/gemini/call_ids.h"

#include <algorithm>

namespace signalbox::gemini {
namespace {

constexpr std::size_t kLongestName = 24;  // some vendors take no id over 40 characters

// The characters that every vendor takes in an id.
void AppendSafe(std::string_view text, std::string& out) {
  for (const char c : text.substr(0, kLongestName)) {
    const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
    out += safe ? c : '_';
  }
}

}  // namespace

std::string CallIds::ForCall(std::string given, std::string_view name) {
  if (given.empty()) {
    given = kMadeId;
    AppendSafe(answer_, given);
    given += answer_.empty() ? "" : "_";
    given += std::to_string(calls_);
    if (answer_.empty()) {
      given += '_';
      AppendSafe(name, given);
    }
  }
  ++calls_;
  open_.push_back({given, std::string(name)});
  return given;
}

std::string CallIds::ForResult(std::string given, std::string_view name) {
  const auto found = std::ranges::find_if(open_, [&](const Open& call) {
    return given.empty() ? call.name == name : call.id == given;
  });
  if (found != open_.end()) {
    given = std::move(found->id);
    open_.erase(found);
  }
  return given;
}

}  // namespace signalbox::gemini
