// Calls of models: from an HTTP exchange to the gateway.
#include "surface/api/api.h"
#include "surface/api/call_head.h"
#include "surface/api/http_sink.h"
#include "surface/api/http_upload.h"

namespace signalbox::api {
namespace {

// Counts a request as being served for as long as it lives.
class InFlight {
 public:
  explicit InFlight(telemetry::Cell& cell) : cell_(cell) { cell_.Add(1); }
  ~InFlight() { cell_.Add(-1); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  telemetry::Cell& cell_;
};

}  // namespace

async::Task<void> Api::HandleCall(net::ServerExchange& exchange, const ModelCall& call) {
  if (exchange.head().method != net::Method::kPost) {
    co_await RefuseMethod(exchange, Name(net::Method::kPost));
    co_return;
  }
  Known principal = Recognize(exchange, kModelCallRule);
  if (!principal) {
    principal = co_await Identify(exchange, kModelCallRule);
  }
  if (!*principal) {
    co_await AnswerError(exchange, std::move(*principal).error());
    co_return;
  }
  co_await RunCall(exchange, **principal, call);
}

async::Task<void> Api::RunCall(net::ServerExchange& exchange, const request::Principal& principal,
                               const ModelCall& asked) {
  std::string_view body;
  HttpUpload upload(exchange, parts_.body_limit, parts_.held_limit);
  const bool form = asked.operation == chat::Operation::kTranscriptions;
  if (!form) {
    auto whole = co_await exchange.ReadBody(parts_.body_limit);
    if (!whole) {
      co_await AnswerError(exchange, std::move(whole).error());
      co_return;
    }
    body = *whole;
  }
  request::Hints hints;
  std::string vendor_fields;
  for (const net::Field& field : exchange.head().fields.all()) {
    if (net::EqualsIgnoreCase(field.name, "anthropic-beta")) {
      vendor_fields.append("anthropic-beta: ").append(field.value).append("\r\n");
    }
    if (auto read = ReadHint(field.name, field.value, hints); !read) {
      co_await AnswerError(exchange, std::move(read).error());
      co_return;
    }
  }
  const request::Call call{.id = core::RequestId::New(exchange.loop().wall_now(), random_),
                           .dialect = asked.dialect,
                           .operation = asked.operation,
                           .body = body,
                           .upload = form ? &upload : nullptr,
                           .path = asked.upstream_path,
                           .model = asked.model,
                           .streamed = asked.streamed,
                           .framing = asked.framing,
                           .vendor_fields = vendor_fields,
                           .hints = hints,
                           .hops = exchange.head().fields.Get("x-signalbox-hop"),
                           .arrived = exchange.arrived(),
                           .cancellation = &exchange.cancellation()};
  HttpSink sink(exchange);
  const InFlight counted(parts_.meters.in_flight());
  co_await parts_.gateway.Run(call, principal, sink);
}

}  // namespace signalbox::api
