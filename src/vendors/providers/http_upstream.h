// An upstream over HTTP/1.1: POST with a JSON body, a whole or streamed answer.
//
// Owner, threads, errors, cancel: as upstream.h. The exchange gives its connection back when the
// answer was read to its end; otherwise the connection closes with it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/core/spares.h"
#include "io/net/chunked.h"
#include "io/net/client.h"
#include "io/net/compression.h"
#include "io/net/http_head.h"
#include "vendors/providers/provider.h"
#include "vendors/providers/upstream.h"

namespace signalbox::providers {

class HttpUpstream final : public Upstream {
 public:
  // `tls` believes the authorities that the provider names; unused for http.
  HttpUpstream(async::Loop& loop, net::Resolver& resolver, const net::TlsContext* tls,
               const Provider& provider);

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

  const Provider& provider_;
  net::Client client_;
  std::string fixed_fields_;  // those that are the same in every request
  core::Spares<Scratch, 256> scratch_;
};

}  // namespace signalbox::providers
