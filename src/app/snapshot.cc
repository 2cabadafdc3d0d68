#include "app/snapshot.h"

#include "base/config/show.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/price_file.h"
#include "base/config/outside.h"

namespace signalbox::app {
namespace {

// A file that the configuration names: a change of it is a change of the configuration.
config::FileStamp Watch(config::Loaded<Options>& loaded, const std::string& path) {
  const config::FileStamp stamp = config::System().Stamp(path);
  loaded.files.stamps.push_back({path, stamp});
  return stamp;
}

void MakeCatalog(config::Loaded<Options>& loaded, Snapshot& out) {
  out.catalog = catalog::Catalog::BuiltIn();
  const Options& options = loaded.value;
  const std::string path = PriceFile(options.data);
  Watch(loaded, path);
  if (auto refreshed = ReadPriceFile(path)) {
    if (auto with = out.catalog->With(*std::move(refreshed))) {
      out.catalog = *std::move(with);
    } else {
      loaded.Complain("catalog", fmt::format("{}: {}; remove the file, or write it again with "
                                             "signalbox models refresh --from FILE",
                                             path, with.error().message));
      return;
    }
  }
  const catalog::ConfiguredRows rows = catalog::MakeRows(options.catalog, *out.catalog);
  for (const core::Error& problem : rows.problems) {
    loaded.Complain("catalog." + problem.param, problem.message);
  }
  if (!rows.problems.empty() || rows.text.empty()) {
    return;
  }
  if (auto with = out.catalog->With(rows.text)) {
    out.catalog = *std::move(with);
  } else {
    loaded.Complain("catalog", with.error().message);
  }
}

void MakeTargets(config::Loaded<Options>& loaded, const config::Environment& environment,
                 const DiscoverySettings& discovery, Snapshot& out) {
  const Options& options = loaded.value;
  out.targets = std::make_shared<request::Targets>(
      DiscoverProviders(options.providers, options.upstream_gateway, environment, discovery),
      options.models, options.routing);
  for (const core::Error& problem : out.targets->problems()) {
    loaded.Complain(problem.param, problem.message);
  }
}

// Whether aliases can be checked, if only against the names of providers.
bool NamesAreSound(const config::Loaded<Options>& loaded) {
  return loaded.ok() ||
         (loaded.Sound("models") && loaded.Sound("routing") && !loaded.value.providers.empty());
}

constexpr std::chrono::days kSoon{14};

// A certificate that clients refuse, or soon will: Signalbox serves all the same.
void WarnOfExpiry(const net::TlsContext& tls, config::Loaded<Options>& loaded) {
  const auto ends = tls.Expires();
  const core::WallTime now = core::WallNow();
  if (!ends || *ends > now + kSoon) {
    return;
  }
  const std::string path = "server.tls.cert";
  loaded.warnings.push_back(
      {loaded.sources.Find(path),
       fmt::format("{}: the certificate {} on {}; renew it in {}: the file is read again when it "
                   "changes",
                   path, *ends > now ? "ends" : "has expired, and clients refuse it: it ended",
                   core::Iso8601(*ends).substr(0, 10), loaded.value.server.tls.cert)});
}

void MakeServerTls(config::Loaded<Options>& loaded, Snapshot& out) {
  const net::ServerTls& tls = loaded.value.server.tls;
  if (tls.cert.empty()) {
    return;
  }
  Watch(loaded, tls.cert);
  Watch(loaded, tls.key);
  if (auto made = net::TlsContext::ForServer(tls.cert, tls.key)) {
    WarnOfExpiry(*made, loaded);
    out.server_tls = std::make_shared<const net::TlsContext>(*std::move(made));
  } else {
    loaded.Complain("server.tls", made.error().message);
  }
}

// The context of `ca`, made when neither `out` nor `before` has one that still holds.
core::Result<std::shared_ptr<const net::TlsContext>> Believing(const std::string& ca,
                                                               config::FileStamp stamp,
                                                               const Snapshot* before,
                                                               Snapshot& out) {
  Authorities& found = out.authorities[ca];
  if (found.context == nullptr && before != nullptr) {
    if (const auto kept = before->authorities.find(ca);
        kept != before->authorities.end() && kept->second.stamp == stamp) {
      found = kept->second;
    }
  }
  if (found.context == nullptr) {
    SB_TRY(auto made, net::TlsContext::ForClient(ca));
    found = {stamp, std::make_shared<const net::TlsContext>(std::move(made))};
  }
  return found.context;
}

void MakeClientTls(config::Loaded<Options>& loaded, const Snapshot* before, Snapshot& out) {
  for (const providers::Provider& provider : out.targets->providers()) {
    std::shared_ptr<const net::TlsContext>& context = out.client_tls.emplace_back();
    if (provider.base_url.scheme != "https") {
      continue;
    }
    const config::FileStamp stamp =
        provider.ca.empty() ? config::FileStamp{} : Watch(loaded, provider.ca);
    if (const auto made = Believing(provider.ca, stamp, before, out)) {
      context = *made;
    } else {
      loaded.Complain("providers." + provider.name + ".ca", made.error().message);
    }
  }
}

void MakeIssuerTls(config::Loaded<Options>& loaded, const Snapshot* before, Snapshot& out) {
  for (const auto& [name, issuer] : loaded.value.identity.oidc) {
    const bool described = issuer.jwks_url.text.empty();
    if (!(described ? issuer.issuer : issuer.jwks_url.text).starts_with("https:")) {
      continue;
    }
    const config::FileStamp stamp =
        issuer.ca.empty() ? config::FileStamp{} : Watch(loaded, issuer.ca);
    if (const auto made = Believing(issuer.ca, stamp, before, out)) {
      out.issuer_tls[name] = *made;
    } else {
      loaded.Complain("identity.oidc." + name + ".ca", made.error().message);
    }
  }
}

bool TakesBytesAlone(const providers::Provider& provider) {
  return std::ranges::any_of(provider.dialects, [](const wire::Dialect* dialect) {
    return dialect->features().Of(wire::Feature::kImageUrl) == wire::Support::kFetched;
  });
}

// Without the system's authorities things on the web are still fetched by http.
void MakeMediaTls(const Snapshot* before, Snapshot& out) {
  if (out.options.media.fetch && std::ranges::any_of(out.targets->providers(), TakesBytesAlone)) {
    if (const auto made = Believing("", {}, before, out)) {
      out.media_tls = *made;
    }
  }
}

// Of the sections that an answer depends on, as they are shown.
std::uint64_t PolicyEpoch(const Options& options) {
  Options policy;
  policy.providers = options.providers;
  policy.upstream_gateway = options.upstream_gateway;
  policy.models = options.models;
  policy.catalog = options.catalog;
  policy.routing = options.routing;
  policy.media = options.media;
  policy.cache = options.cache;
  return std::hash<std::string>()(config::ShowYaml(*RootTable().data(), &policy, {}));
}

}  // namespace

Prepared Prepare(const config::Request& request, const DiscoverySettings& discovery,
                 const Snapshot* before) {
  Prepared out{.loaded = LoadOptions(request), .snapshot = nullptr};
  Snapshot made;
  if (out.loaded.Sound("catalog") && out.loaded.Sound("data")) {
    MakeCatalog(out.loaded, made);
  }
  if (NamesAreSound(out.loaded)) {
    MakeTargets(out.loaded, request.environment, discovery, made);
    MakeClientTls(out.loaded, before, made);
  }
  if (out.loaded.Sound("identity")) {
    MakeIssuerTls(out.loaded, before, made);
  }
  if (out.loaded.Sound("server.tls")) {
    MakeServerTls(out.loaded, made);
  }
  if (!out.loaded.ok()) {
    return out;
  }
  made.options = out.loaded.value;
  made.policy_epoch = PolicyEpoch(made.options);
  MakeMediaTls(before, made);
  made.access = std::make_shared<const api::AccessRules>(made.options.access);
  out.snapshot = std::make_shared<const Snapshot>(std::move(made));
  return out;
}

}  // namespace signalbox::app
