// The HTTP surface: every route with its access rule, and what answers it.
//
// Owner:   app/, one per worker; everything it refers to outlives it.
// Threads: the worker's.
// Errors:  answered in the form of the path's dialect, with the request's id.
// Cancel:  the exchange's.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/async/pool.h"
#include "base/core/random.h"
#include "io/net/server.h"
#include "pipeline/execution/health_report.h"
#include "pipeline/gateway/gateway.h"
#include "surface/api/access.h"
#include "surface/api/model_routes.h"

namespace signalbox::api {

class Api final : public net::Handler {
 public:
  struct Parts {
    gateway::Gateway& gateway;
    std::shared_ptr<const AccessRules> access;
    gateway::Meters& meters;
    const std::atomic<bool>& ready;
    std::function<std::string()> metrics_text;
    // Of all workers together; cancelled with the caller's request.
    std::function<async::Task<execution::HealthReport>(async::Cancellation*)> health;
    async::Pool& pool;
    std::string data;          // directory
    std::uint64_t body_limit;  // bytes
    std::uint64_t held_limit;  // of a form, until its model is known
  };
  explicit Api(Parts parts);

  // Requests that begin from now on are judged by these.
  void Adopt(std::shared_ptr<const AccessRules> access, const net::ServerLimits& limits);

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
  async::Task<void> Targets(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Request(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Models(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Model(net::ServerExchange& exchange, const request::Principal& principal);
  async::Task<void> Version(net::ServerExchange& exchange, const request::Principal& principal);

  // A path that calls a model, whichever vendor's it is.
  async::Task<void> HandleCall(net::ServerExchange& exchange, const ModelCall& call);
  async::Task<void> RunCall(net::ServerExchange& exchange, const request::Principal& principal,
                            const ModelCall& call);
  async::Task<void> RefuseMethod(net::ServerExchange& exchange, std::string_view allowed);
  async::Task<void> Reply(net::ServerExchange& exchange, int status, std::string_view type,
                          std::string body);
  async::Task<void> ReplyError(net::ServerExchange& exchange, core::Error error);

  Parts parts_;
  core::Random random_;
};

}  // namespace signalbox::api
