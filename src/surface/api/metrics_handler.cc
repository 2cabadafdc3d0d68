#include "surface/api/metrics_handler.h"

namespace signalbox::api {
namespace {

constexpr std::chrono::seconds kAskTime{10};  // who a caller is

}  // namespace

async::Task<core::Status> MetricsHandler::Admit(net::ServerExchange& exchange) {
  const net::RequestHead& head = exchange.head();
  const core::WallTime now = exchange.loop().wall_now();
  SB_CO_CHECK_OK(access_->CheckGuards(head, verifier_));
  Known caller = access_->Recognize(head, kMetricsRule, verifier_, now);
  if (!caller) {
    caller =
        co_await AccessRules::Ask(head, kMetricsRule, *verifier_, now,
                                  {exchange.loop().now() + kAskTime, &exchange.cancellation()});
  }
  if (!*caller) {
    co_return std::unexpected(std::move(*caller).error());
  }
  co_return core::Status();
}

async::Task<void> MetricsHandler::Handle(net::ServerExchange& exchange) {
  const net::RequestHead& head = exchange.head();
  const bool reads = head.method == net::Method::kGet || head.method == net::Method::kHead;
  int status = 200;
  std::string body;
  if (const auto admitted = co_await Admit(exchange); !admitted) {
    status = core::HttpStatus(admitted.error().code);
    body = admitted.error().message + "\n";
    if (admitted.error().code == core::ErrorCode::kUnauthenticated) {
      exchange.fields().Add("www-authenticate", "Bearer");
    }
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
