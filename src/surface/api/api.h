// The HTTP surface: every route with its access rule, and what answers it.
//
// Owner:   app/, one per worker; everything it refers to outlives it.
// Threads: the worker's.
// Errors:  answered in OpenAI's form, with the request's id.
// Cancel:  the exchange's.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/core/random.h"
#include "io/net/server.h"
#include "pipeline/gateway/gateway.h"
#include "surface/api/access.h"

namespace signalbox::api {

class Api final : public net::Handler {
 public:
  struct Parts {
    gateway::Gateway& gateway;
    const AccessRules& access;
    gateway::Meters& meters;
    const std::atomic<bool>& ready;
    std::function<std::string()> metrics_text;
    std::uint64_t body_limit;  // bytes
  };
  explicit Api(Parts parts);

  async::Task<void> Handle(net::ServerExchange& exchange) override;
  std::string Refuse(int status, std::string_view reason) override;

 private:
  struct Route;
  using Answer = async::Task<void> (Api::*)(net::ServerExchange&, const request::Principal&);

  // The route, or nullptr; `allowed` then lists the methods that the path takes, if it takes any.
  static const Route* FindRoute(std::string_view path, net::Method method, std::string& allowed);

  async::Task<void> Index(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Health(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Ready(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Metrics(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Models(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Model(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Chat(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Embeddings(net::ServerExchange& exchange, const request::Principal& principal);

  async::Task<void> RunCall(net::ServerExchange& exchange, const request::Principal& principal,
                            chat::Operation operation);
  async::Task<void> Reply(net::ServerExchange& exchange, int status, std::string_view type,
                          std::string body);
  async::Task<void> ReplyError(net::ServerExchange& exchange, core::Error error);

  Parts parts_;
  core::Random random_;
};

}  // namespace signalbox::api
