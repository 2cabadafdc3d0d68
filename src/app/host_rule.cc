#include "app/host_rule.h"

#include <fmt/format.h>

namespace signalbox::app {
namespace {

using config::Source;
using providers::ProviderOptions;

// A key of the configuration that says where calls go.
struct Chooser {
  std::string path;
  bool same_place = false;  // as the secret's, or only not a later one
};

// Later places overrule earlier ones.
int PlaceOf(const Source& source) {
  switch (source.kind) {
    case Source::Kind::kDefault:
      return 0;
    case Source::Kind::kFile:
      return source.profile.empty() ? 1 : 2;
    case Source::Kind::kEnvironment:
      return 3;
    case Source::Kind::kCommandLine:
      return 4;
  }
  return 0;
}

bool IsElsewhere(const Source& chooser, const Source& secret, bool same_place) {
  const int place = PlaceOf(chooser);
  return place != 0 && (place > PlaceOf(secret) || chooser.profile != secret.profile ||
                        (same_place && place != PlaceOf(secret)));
}

std::vector<Chooser> ChoosersOf(const std::string& path, const ProviderOptions& options) {
  std::vector<Chooser> out;
  if (options.via == providers::Via::kGateway) {
    out.push_back({path + ".via"});
    out.push_back({"upstream_gateway.base_url"});
    return out;
  }
  if (options.base_url) {
    out.push_back({path + ".base_url", true});
    return out;
  }
  out.push_back({path + ".vendor"});
  out.push_back({path + ".resource"});
  return out;
}

std::vector<std::string> SecretsOf(const std::string& path, const ProviderOptions& options) {
  std::vector<std::string> out;
  if (!options.key.empty() && options.key.Reveal() != "none") {
    out.push_back(path + ".key");
  }
  for (const auto& [name, key] : options.keys) {
    out.push_back(config::Join(path + ".keys", name) + ".key");
  }
  return out;
}

// Of a value itself, not of what it is in.
Source SourceOf(const config::Sources& sources, const std::string& path) {
  const auto found = sources.all().find(path);
  return found == sources.all().end() ? Source{} : found->second;
}

void Check(const Chooser& chooser, const std::vector<std::string>& secrets,
           config::Loaded<Options>& loaded) {
  const Source chosen = SourceOf(loaded.sources, chooser.path);
  for (const std::string& path : secrets) {
    const Source secret = SourceOf(loaded.sources, path);
    if (IsElsewhere(chosen, secret, chooser.same_place)) {
      loaded.Complain(chooser.path,
                      fmt::format("is set by {}, {} by {}: a key is not sent to a host that was "
                                  "chosen elsewhere; set {} in the same place",
                                  chosen.Text(), path, secret.Text(), path));
    }
  }
}

}  // namespace

void CheckHosts(config::Loaded<Options>& loaded) {
  for (const auto& [name, options] : loaded.value.providers) {
    const std::string path = config::Join("providers", name);
    const std::vector<std::string> secrets = SecretsOf(path, options);
    for (const Chooser& chooser : ChoosersOf(path, options)) {
      Check(chooser, secrets, loaded);
    }
  }
  if (!loaded.value.upstream_gateway.key.empty()) {
    Check({"upstream_gateway.base_url", true}, {"upstream_gateway.key"}, loaded);
  }
}

}  // namespace signalbox::app
