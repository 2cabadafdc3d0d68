#include "surface/api/http_sink.h"

#include "vendors/catalog/money.h"

namespace signalbox::api {

void HttpSink::Prepare(const request::AnswerHead& head) {
  net::AnswerFields& fields = exchange_.fields();
  fields.AddOwn("content-type", head.content_type);
  fields.AddOwn("x-signalbox-request-id", head.request_id);
  if (!head.provider.empty()) {
    fields.Add("x-signalbox-provider", head.provider);
    fields.Add("x-signalbox-model", head.model);
  }
  if (!head.retry_after.empty()) {
    fields.Add("retry-after", head.retry_after);
  }
  if (!head.dropped.empty()) {
    fields.Add("x-signalbox-dropped", head.dropped);
  }
  for (const request::AnswerField& field : head.passed) {
    fields.Add(field.name, field.value);
  }
  if (head.cost_nano_usd >= 0) {
    fields.Add("x-signalbox-cost-usd", catalog::UsdText(catalog::NanoUsd{head.cost_nano_usd}));
  }
  if (head.fallbacks != 0) {
    fields.Add("x-signalbox-fallbacks", std::uint64_t{head.fallbacks});
  }
  if (!head.cache.empty()) {
    fields.Add("x-signalbox-cache", head.cache);
  }
  if (head.age.count() >= 0) {
    fields.Add("age", static_cast<std::uint64_t>(head.age.count()));
  }
  if (head.saved_nano_usd >= 0) {
    fields.Add("x-signalbox-saved-usd", catalog::UsdText(catalog::NanoUsd{head.saved_nano_usd}));
  }
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(head.overhead);
  fields.Add("x-signalbox-overhead-us", static_cast<std::uint64_t>(micros.count()));
  exchange_.SetWriteEnd(head.until);
}

async::Task<core::Status> HttpSink::Whole(const request::AnswerHead& head,
                                          std::span<const std::string_view> body) {
  Prepare(head);
  return exchange_.Respond(head.status, body);
}

async::Task<core::Status> HttpSink::Begin(const request::AnswerHead& head, bool flush) {
  exchange_.FreeBody(request::kKeptBody);
  Prepare(head);
  exchange_.fields().Add("cache-control", "no-cache");
  exchange_.StartStream(head.status);
  core::Status status;
  if (flush) {
    status = co_await exchange_.WriteStream({});
  }
  exchange_.SetAtBoundary(head.comments);
  co_return status;
}

async::Task<core::Status> HttpSink::Piece(std::span<const std::string_view> bytes,
                                          bool whole_events) {
  exchange_.SetAtBoundary(whole_events);
  return exchange_.WriteStream(bytes);
}

async::Task<core::Status> HttpSink::End(std::span<const std::string_view> bytes) {
  return exchange_.EndStream(bytes);
}

}  // namespace signalbox::api
