#include "vendors/providers/http_upstream.h"

#include "vendors/providers/http_exchange.h"

namespace signalbox::providers {
namespace {

net::Origin OriginOf(const Provider& provider) {
  return {provider.base_url.scheme == "https", provider.base_url.host, provider.base_url.port};
}

}  // namespace

HttpUpstream::HttpUpstream(async::Loop& loop, net::Resolver& resolver, const net::TlsContext* tls,
                           const Provider& provider)
    : provider_(provider),
      client_(loop, resolver, tls, OriginOf(provider),
              {.connect = provider.options.timeouts.connect}) {
  fixed_fields_ = "host: " + client_.origin().HostField() + "\r\n";
  if (!provider.key.empty()) {
    fixed_fields_ += "authorization: Bearer " + provider.key.Reveal() + "\r\n";
  }
  fixed_fields_ += "content-type: application/json\r\nuser-agent: signalbox\r\n";
  // Over a network an answer may well be compressed; on one machine that is work for nothing.
  if (client_.origin().tls) {
    fixed_fields_ += "accept-encoding: gzip, br, zstd\r\n";
  }
}

std::unique_ptr<Exchange> HttpUpstream::Open() {
  return std::make_unique<HttpExchange>(*this);
}

}  // namespace signalbox::providers
