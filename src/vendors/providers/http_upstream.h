// An upstream over HTTP/1.1: POST with a JSON body, a whole or streamed answer.
//
// Owner, threads, errors, cancel: as upstream.h. The exchange gives its connection back when the
// answer was read to its end; otherwise the connection closes with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/core/spares.h"
#include "io/net/chunked.h"
#include "io/net/client.h"
#include "io/net/compression.h"
#include "io/net/http_head.h"
#include "io/net/sigv4.h"
#include "vendors/providers/provider.h"
#include "vendors/providers/upstream.h"

namespace signalbox::providers {

class HttpUpstream final : public Upstream {
 public:
  // `tls` believes the authorities that the provider names; null for http.
  HttpUpstream(async::Loop& loop, net::Resolver& resolver,
               std::shared_ptr<const net::TlsContext> tls, Provider provider);

  std::unique_ptr<Exchange> Open() override;
  void GiveMemoryBack() override { scratch_.Clear(); }

 private:
  friend class HttpExchange;

  // What an exchange needs, reused from call to call.
  struct Scratch {
    net::AnswerHead head;
    std::string out;
    std::vector<iovec> pieces;
  };

  const Provider provider_;  // its own: it may serve more than one configuration
  std::shared_ptr<const net::TlsContext> tls_;
  net::Client client_;
  std::string path_;                        // of the base URL, up to {model} where it has one
  std::optional<std::string> after_model_;  // the rest of it
  std::string fixed_fields_;                // those that are the same in every request
  std::vector<std::string> key_fields_;     // the credential, by key
  std::optional<net::AwsCredentials> aws_;  // calls are signed with them
  std::optional<net::SigningKey> signing_;  // of a day
  core::Spares<Scratch, 256> scratch_;
};

}  // namespace signalbox::providers
