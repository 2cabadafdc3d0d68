#include "surface/api/metrics_handler.h"

namespace signalbox::api {

async::Task<void> MetricsHandler::Handle(net::ServerExchange& exchange) {
  const net::RequestHead& head = exchange.head();
  const bool reads = head.method == net::Method::kGet || head.method == net::Method::kHead;
  int status = 200;
  std::string body;
  if (const auto guarded = access_->CheckGuards(head, verifier_); !guarded) {
    status = core::HttpStatus(guarded.error().code);
    body = guarded.error().message + "\n";
  } else if (const auto caller =
                 access_->Authenticate(head, kMetricsRule, verifier_, exchange.loop().wall_now());
             !caller) {
    status = core::HttpStatus(caller.error().code);
    body = caller.error().message + "\n";
  } else if (!reads || head.path != "/metrics") {
    status = 404;
    body = "GET /metrics is all there is on this port\n";
  } else {
    body = text_();
  }
  exchange.fields().AddOwn("content-type", "text/plain; version=0.0.4; charset=utf-8");
  const std::string_view piece = body;
  co_await exchange.Respond(status, {&piece, 1});
}

std::string MetricsHandler::Refuse(int, std::string_view reason) {
  return std::string(reason) + "\n";
}

}  // namespace signalbox::api
