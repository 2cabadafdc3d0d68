// The body of an HTTP request as an upload.
//
// Owner: the handler, for one request. Threads, errors, cancel: as the exchange's.
#pragma once

#include "io/net/server_exchange.h"
#include "pipeline/request/call.h"

namespace signalbox::api {

class HttpUpload final : public request::Upload {
 public:
  HttpUpload(net::ServerExchange& exchange, std::uint64_t limit, std::uint64_t most_held)
      : exchange_(exchange), limit_(limit) {
    const net::RequestHead& head = exchange.head();
    content_type = head.fields.Get("content-type");
    held = most_held;
    if (head.body != net::BodyKind::kChunked) {
      length = head.content_length;
    }
  }
  async::Task<core::Result<std::string_view>> Read() override { return exchange_.ReadSome(limit_); }

 private:
  net::ServerExchange& exchange_;
  std::uint64_t limit_;
};

}  // namespace signalbox::api
