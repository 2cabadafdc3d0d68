// Any bytes as a configuration: no crash, no unbounded work, no secret in a problem; and what is
// accepted is shown as text that is accepted again and shows the same.
#include <cstdlib>

#include "base/config/sample_table.h"
#include "base/config/show.h"

namespace signalbox::config::sample {
namespace {

constexpr const char* kCanary = "canary-9f3b";

void Require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

std::string WithoutSecrets(std::string text) {
  for (std::size_t at; (at = text.find(": <set>")) != text.npos;) {
    text.replace(at, 7, ": <not set>");
  }
  return text;
}

void Check(const std::string& text) {
  const Environment environment({{"KEY", kCanary}, {"N", "3"}, {"DIR", "/d"}});
  const auto loaded = LoadText(RootTable(), TextInput{"f", text}, environment);
  const std::string problems = Text(loaded.problems);
  if (text.find(kCanary) == text.npos) {
    Require(problems.find(kCanary) == problems.npos);
  }
  for (const Problem& problem : loaded.problems) {
    Require(!problem.message.empty() && problem.source.line >= 0 && problem.source.column >= 0);
  }
  if (!loaded.ok()) {
    return;
  }
  const auto values = [](const Loaded<Root>& of) {
    return WithoutSecrets(ShowYaml(*RootTable().data(), &of.value, Sources()));
  };
  const auto again = LoadText(RootTable(), TextInput{"f", values(loaded)});
  Require(again.ok());
  Require(values(again) == values(loaded));
  Require(!ShowAsJson(RootTable(), loaded).empty());
}

}  // namespace
}  // namespace signalbox::config::sample

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  signalbox::config::sample::Check(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
