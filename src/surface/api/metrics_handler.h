// A port of its own for /metrics: nothing else is answered there.
//
// Owner:   app/, on one worker. Threads: that worker's. Errors: 404 for any other path.
// Cancel:  the exchange's.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "io/net/server.h"
#include "surface/api/access.h"

namespace signalbox::api {

// Figures of the whole installation, which name models and providers of every tenant.
inline constexpr Rule kMetricsRule = Rule::OfInstallation(request::Role::kViewer);

class MetricsHandler final : public net::Handler {
 public:
  MetricsHandler(std::shared_ptr<const AccessRules> access, std::function<std::string()> text,
                 Verifier* verifier = nullptr)
      : access_(std::move(access)), text_(std::move(text)), verifier_(verifier) {}

  void Adopt(std::shared_ptr<const AccessRules> access) { access_ = std::move(access); }

  async::Task<void> Handle(net::ServerExchange& exchange) override;
  std::string Refuse(int status, std::string_view reason) override;

 private:
  async::Task<core::Status> Admit(net::ServerExchange& exchange);

  std::shared_ptr<const AccessRules> access_;
  std::function<std::string()> text_;
  Verifier* verifier_;  // may be null
};

}  // namespace signalbox::api
