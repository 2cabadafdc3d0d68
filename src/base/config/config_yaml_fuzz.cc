// Any bytes as a configuration: no crash, no unbounded work, no secret in a problem; and what is
// accepted is shown as text that is accepted again and shows the same.
#include <cstdlib>

#include "base/config/diff.h"
#include "base/config/mask.h"
#include "base/config/outside_testing.h"
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

// Whatever is taken out can be put back, and then it is the configuration that it was.
void CheckMask(const std::string& text, const Loaded<Root>& loaded) {
  const auto masked = TakeSecretsOut(*RootTable().data(), text);
  if (!masked) {
    return;
  }
  const auto back = PutSecretsBack(*RootTable().data(), *masked, {{"f", text}});
  if (!back) {
    return;  // the mark itself stood in the text
  }
  Require(TakeSecretsOut(*RootTable().data(), *masked) == masked);
  for (const auto& [name, provider] : loaded.value.providers) {
    const std::string& key = provider.key.Reveal();
    if (loaded.sources.Find("providers." + name + ".key").variable.empty() && key.size() > 20) {
      Require(masked->find(key) == masked->npos);
    }
  }
  Require(Diff(RootTable(), loaded.value, loaded.value).empty());
}

void Check(const std::string& text) {
  const Environment environment({{"KEY", kCanary}, {"N", "3"}, {"DIR", "/d"}});
  const bool profile = text.find("profiles") != text.npos;
  Request request{.environment = environment, .profile = profile ? "p" : ""};
  Pretend outside;  // nothing of this machine is read or run
  outside.files = {{"a", "server: {drain: 2s}\nprofiles: {p: {data: b}}\n"},
                   {"b", "include: [a, f]\nmodels: {m: {targets: [a]}}\n"},
                   {"k", kCanary}};
  outside.commands = {{"c", kCanary}, {"/bin/sh -c c", kCanary}};
  const auto loaded = LoadText(RootTable(), TextInput{"f", text}, request, outside);
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
  CheckMask(text, loaded);
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
