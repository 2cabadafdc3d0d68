#include "surface/cli/spoken.h"

#include <algorithm>
#include <array>

#include "vendors/dialects/dialects.h"

namespace signalbox::cli {

std::span<const Spoken> AllSpoken() {
  using dialects::Find;
  static const auto kAll = std::to_array<Spoken>({
      {"openai", "/v1", Find("openai_chat")},
      {"responses", "/v1", Find("openai_responses")},
      {"anthropic", "/v1", Find("anthropic")},
      {"gemini", "/v1beta", Find("gemini")},
      {"cohere", "/v2", Find("cohere")},
      {"ollama", "", Find("ollama")},
      {"simple", "", Find("simple")},
  });
  return kAll;
}

const Spoken* FindSpoken(std::string_view name) {
  const auto found = std::ranges::find(AllSpoken(), name, &Spoken::name);
  return found == AllSpoken().end() ? nullptr : &*found;
}

}  // namespace signalbox::cli
