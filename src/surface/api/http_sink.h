// An answer on its way into an HTTP response.
//
// Owner: the handler, for one request. Threads, errors, cancel: as the exchange's.
#pragma once

#include "io/net/server_exchange.h"
#include "pipeline/request/sink.h"

namespace signalbox::api {

class HttpSink final : public request::Sink {
 public:
  explicit HttpSink(net::ServerExchange& exchange) : exchange_(exchange) {}

  async::Task<core::Status> Whole(const request::AnswerHead& head,
                                  std::span<const std::string_view> body) override;
  async::Task<core::Status> Begin(const request::AnswerHead& head, bool flush) override;
  async::Task<core::Status> Piece(std::span<const std::string_view> bytes,
                                  bool whole_events) override;
  async::Task<core::Status> End(std::span<const std::string_view> bytes) override;

 private:
  void Prepare(const request::AnswerHead& head);

  net::ServerExchange& exchange_;
};

}  // namespace signalbox::api
