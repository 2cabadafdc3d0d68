// The HTTP surface: every request's way from its route and its rule to what answers it.
//
// Owner:   app/, one per worker; everything it refers to outlives it.
// Threads: the worker's; what blocks runs on the pool.
// Errors:  answered in the form of the path's dialect, with the request's id.
// Cancel:  the exchange's; work that the pool has begun goes on.
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
#include "surface/api/router.h"

namespace signalbox::api {

// One request on its way to the handler of its route.
struct Visit {
  const Route& route;
  request::Principal principal;
  PathParameters parameters;
  core::RequestId id;
};

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
    const Services& services;
    std::uint64_t body_limit;      // bytes
    std::uint64_t held_limit;      // of a form, until its model is known
    Verifier* verifier = nullptr;  // of keys and tokens; null: the access key is all there is
  };
  explicit Api(Parts parts);

  // Requests that begin from now on are judged by these.
  void Adopt(std::shared_ptr<const AccessRules> access, const net::ServerLimits& limits);

  async::Task<void> Handle(net::ServerExchange& exchange) override;
  std::string Refuse(int status, std::string_view reason) override;

  // Every route but those that call models (ModelPaths).
  static const Router& AllRoutes();

 private:
  // api_own.cc: what the worker answers by itself.
  static Routes OwnRoutes();
  async::Task<void> Index(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> OpenApi(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> Health(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> Ready(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> Metrics(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> Targets(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> Models(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> Model(net::ServerExchange& exchange, const Visit& visit);
  async::Task<void> Version(net::ServerExchange& exchange, const Visit& visit);

  // api_calls.cc: a path that calls a model, whichever vendor's it is.
  async::Task<void> HandleCall(net::ServerExchange& exchange, const ModelCall& call);
  async::Task<void> RunCall(net::ServerExchange& exchange, const request::Principal& principal,
                            const ModelCall& call);

  async::Task<void> HandleRoute(net::ServerExchange& exchange);
  // Runs a handler that blocks, on the pool.
  async::Task<void> Work(net::ServerExchange& exchange, const Visit& visit);
  // Who asks. Only what Recognize leaves open takes the way through Identify, which may wait.
  Known Recognize(net::ServerExchange& exchange, const Rule& rule) const;
  async::Task<core::Result<request::Principal>> Identify(net::ServerExchange& exchange, Rule rule);
  async::Task<void> RefuseMethod(net::ServerExchange& exchange, std::string_view allowed);
  async::Task<void> Answer(net::ServerExchange& exchange, int status, std::string_view type,
                           std::string body);
  async::Task<void> AnswerError(net::ServerExchange& exchange, core::Error error);

  Parts parts_;
  core::Random random_;
};

}  // namespace signalbox::api
