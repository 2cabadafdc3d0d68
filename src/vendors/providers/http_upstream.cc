#include "vendors/providers/http_upstream.h"

#include "vendors/providers/http_exchange.h"

namespace signalbox::providers {
namespace {

net::Origin OriginOf(const Provider& provider) {
  return {provider.base_url.scheme == "https", provider.base_url.host, provider.base_url.port};
}

std::string KeyField(Auth auth, const config::Secret& key) {
  if (key.empty()) {
    return "";
  }
  return std::string(FieldOf(auth)) + key.Reveal() + "\r\n";
}

}  // namespace

HttpUpstream::HttpUpstream(async::Loop& loop, net::Resolver& resolver,
                           std::shared_ptr<const net::TlsContext> tls, Provider provider)
    : provider_(std::move(provider)),
      tls_(std::move(tls)),
      client_(
          loop, resolver, tls_.get(), OriginOf(provider_),
          {.connect = provider_.options.timeouts.connect, .public_only = provider_.public_only}) {
  fixed_fields_ = "host: " + client_.origin().HostField() + "\r\n";
  for (const ProviderKey& key : provider_.keys) {
    key_fields_.push_back(KeyField(provider_.auth, key.secret));
  }
  if (const ProviderOptions& options = provider_.options; !options.access_key_id.empty()) {
    aws_ = {.access_key_id = options.access_key_id,
            .secret_access_key = options.secret_access_key.Reveal(),
            .session_token = options.session_token.Reveal(),
            .region = options.region,
            .service = "bedrock"};
  }
  if (!provider_.gateway_key.empty()) {
    fixed_fields_ += "cf-aig-authorization: Bearer " + provider_.gateway_key.Reveal() + "\r\n";
  }
  constexpr std::string_view kModel = "{model}";
  path_ = provider_.base_url.path;
  if (const std::size_t at = path_.find(kModel); at != path_.npos) {
    after_model_ = path_.substr(at + kModel.size());
    path_.resize(at);
  }
  fixed_fields_ += RowOf(provider_.type).fields;
  fixed_fields_ += "user-agent: signalbox\r\n";
  // Over a network an answer may well be compressed; on one machine that is work for nothing.
  if (client_.origin().tls) {
    fixed_fields_ += "accept-encoding: gzip, br, zstd\r\n";
  }
}

std::unique_ptr<Exchange> HttpUpstream::Open() {
  return std::make_unique<HttpExchange>(*this);
}

}  // namespace signalbox::providers
