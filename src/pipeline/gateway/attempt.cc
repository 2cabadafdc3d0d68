#include "pipeline/gateway/attempt.h"

#include "base/async/watch.h"
#include "base/core/error.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::gateway {
namespace {

using core::ErrorCode;
using core::Status;
using ledger::Outcome;
using request::AnswerHead;
using std::chrono::duration_cast;
using std::chrono::microseconds;

std::string_view PathOf(chat::Operation operation) {
  return operation == chat::Operation::kEmbeddings ? "/embeddings" : "/chat/completions";
}

bool IsSuccess(int status) {
  return status >= 200 && status < 300;
}

// What the loop calls now may lie before a clock that was read in the same turn: no time has
// passed.
std::uint64_t Micros(std::chrono::nanoseconds time) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, duration_cast<microseconds>(time).count()));
}

// Fields that callers' SDKs read.
bool GoesOn(std::string_view name) {
  return net::EqualsIgnoreCase(name, "x-request-id") ||
         net::EqualsIgnoreCase(name.substr(0, 12), "x-ratelimit-") ||
         net::EqualsIgnoreCase(name.substr(0, 7), "openai-");
}

}  // namespace

Attempt::Attempt(Gateway& gateway, const request::Call& call, const request::Principal& principal,
                 const request::Target& target, Scratch& scratch)
    : gateway_(gateway),
      call_(call),
      target_(target),
      provider_(gateway.targets_.ProviderOf(target)),
      scratch_(scratch),
      meters_(gateway.meters_.For(provider_.name, target.model)) {
  record_.request = call.id;
  record_.operation = static_cast<std::uint8_t>(call.operation);
  record_.provider = provider_.name;
  record_.model = target.model;
  record_.principal = principal.id;
  call.id.Write(id_text_.data());
  scratch.passed.clear();
}

Attempt::~Attempt() {
  if (open_) {
    Settle(Outcome::kUncertain, 0);
  }
}

// Writes the intent down: from here on the call is on the record, whatever becomes of it.
Status Attempt::Begin() {
  record_.type = ledger::RecordType::kIntent;
  record_.time = gateway_.loop_.wall_now();
  SB_CHECK_OK(gateway_.journal_.AppendIntent(record_));
  open_ = true;
  return {};
}

void Attempt::SetDeadline() {
  const std::chrono::nanoseconds total = provider_.options.timeouts.total;
  const bool cancels = provider_.options.on_disconnect == providers::OnDisconnect::kCancel;
  deadline_ = {call_.arrived + std::min(call_.hints.max_latency.value_or(total), total),
               cancels ? call_.cancellation : &gateway_.stopping_};
}

// A request that went out and met a closing connection may have been taken all the same: what
// follows is another attempt.
Status Attempt::BeginAgain() {
  Settle(Outcome::kUncertain, 0);
  ++record_.attempt;
  return Begin();
}

void Attempt::Prepare(const chat::Envelope& envelope, chat::EditList& edits) {
  openai_chat::PlanEdits(envelope, target_.model, provider_.options.stream_usage, edits);
  scratch_.pieces.clear();
  edits.Apply(call_.body, scratch_.pieces);
  record_.request_bytes = 0;
  for (const std::string_view piece : scratch_.pieces) {
    record_.request_bytes += piece.size();
  }
}

async::Task<void> Attempt::Run(const chat::Envelope& envelope, request::Sink& sink) {
  record_.streamed = envelope.stream;
  SetDeadline();
  chat::EditList edits;
  Prepare(envelope, edits);
  if (Status begun = Begin(); !begun) {
    co_await gateway_.Refuse(call_, sink, std::move(begun).error());
    co_return;
  }
  exchange_ = gateway_.upstreams_[target_.provider]->Open();
  sent_ = core::MonoNow();
  before_ = sent_ - call_.arrived;
  std::string longer_hops;
  const providers::UpstreamRequest request = Describe(envelope, longer_hops);
  auto head = co_await exchange_->Send(request, deadline_);
  if (!head && exchange_->crossed()) {
    if (Status begun = BeginAgain(); !begun) {
      co_await Fail(sink, std::move(begun).error(), 0);
      co_return;
    }
    head = co_await exchange_->Send(request, deadline_);
  }
  if (!head) {
    co_await Fail(sink, head.error(), 0);
    co_return;
  }
  record_.first_byte_us = static_cast<std::uint32_t>(Micros(gateway_.loop_.now() - sent_));
  KeepFields(head->fields);
  if (envelope.stream && IsSuccess(head->status) && head->content_type.starts_with(kEventStream)) {
    co_await PassStream(*head, envelope.wants_usage, sink);
  } else {
    co_await PassWhole(*head, sink);
  }
}

// What is sent; the hops are put together in `hops` when the call came through others.
providers::UpstreamRequest Attempt::Describe(const chat::Envelope& envelope,
                                             std::string& hops) const {
  if (!call_.hops.empty()) {
    hops.append(call_.hops).append(",").append(gateway_.instance_);
  }
  return {.path = PathOf(call_.operation),
          .body = scratch_.pieces,
          .body_bytes = record_.request_bytes,
          .request_id = {id_text_.data(), id_text_.size()},
          .hops = hops.empty() ? gateway_.instance_ : hops,
          .streamed = envelope.stream};
}

void Attempt::Settle(Outcome outcome, int status) {
  if (!open_) {
    return;
  }
  open_ = false;
  record_.type = ledger::RecordType::kSettlement;
  record_.time = gateway_.loop_.wall_now();
  record_.outcome = outcome;
  record_.status = static_cast<std::uint16_t>(status);
  record_.total_us = Micros(std::max(gateway_.loop_.now(), sent_) - call_.arrived);
  gateway_.journal_.AppendSettlement(record_);
  gateway_.meters_.Settled(meters_, record_);
}

void Attempt::SettleFailed(const core::Error& error, int status) {
  Settle(error.code == ErrorCode::kCancelled ? Outcome::kCancelled : Outcome::kFailed, status);
}

AnswerHead Attempt::Head(int status) const {
  AnswerHead head;
  head.status = status;
  head.request_id = {id_text_.data(), id_text_.size()};
  head.provider = provider_.name;
  head.model = target_.model;
  head.overhead = before_ + (core::MonoNow() - std::max(gateway_.loop_.now(), sent_));
  head.passed = scratch_.passed;
  head.until = deadline_.at;
  gateway_.meters_.overhead().Observe(std::chrono::duration<double>(head.overhead).count());
  return head;
}

// Whose the fault is when a wait was cancelled: the client's leaving, or our own end.
core::Error Attempt::Judge(core::Error error) const {
  if (error.code == ErrorCode::kCancelled && gateway_.stopping_.cancelled()) {
    return {ErrorCode::kUnavailable, "Signalbox is shutting down", {}, std::chrono::seconds(1)};
  }
  return error;
}

void Attempt::KeepFields(std::span<const net::Field> fields) {
  scratch_.passed.clear();
  for (const net::Field& field : fields) {
    if (GoesOn(field.name)) {
      scratch_.passed.push_back({std::string(field.name), std::string(field.value)});
    }
  }
}

async::Task<void> Attempt::Fail(request::Sink& sink, core::Error error, int upstream_status) {
  error = Judge(std::move(error));
  SettleFailed(error, upstream_status);
  if (error.code == ErrorCode::kCancelled) {
    co_return;  // nobody is left to be told
  }
  const AnswerHead head = Head(core::HttpStatus(error.code));
  co_await gateway_.Answer(std::move(error).At("provider " + provider_.name), head, sink);
}

core::Result<std::string_view> Attempt::CheckAnswer(int status, bool says_json,
                                                    std::string_view body) {
  if (says_json) {
    if (const auto usage = openai_chat::ReadAnswerUsage(body, scratch_.answer)) {
      record_.usage = *usage;
      return body;
    }
  }
  if (IsSuccess(status)) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "the answer is not JSON");
  }
  scratch_.text = openai_chat::ErrorBody({ErrorCode::kUpstreamFailed,
                                          "provider " + provider_.name + " answered " +
                                              std::to_string(status) + " without an error in JSON",
                                          {},
                                          {}});
  return std::string_view(scratch_.text);
}

async::Task<void> Attempt::PassWhole(providers::UpstreamHead head, request::Sink& sink) {
  if (!IsSuccess(head.status) && head.status < 400) {
    co_await Fail(sink,
                  {ErrorCode::kUpstreamProtocol, "the upstream answered with a redirect", {}, {}},
                  head.status);
    co_return;
  }
  const bool json = head.content_type.find("json") != std::string_view::npos;
  const std::string retry_after(head.retry_after);
  const auto read = co_await exchange_->ReadAll(deadline_);
  if (!read) {
    co_await Fail(sink, read.error(), head.status);
    co_return;
  }
  record_.answer_bytes = read->size();
  const auto body = CheckAnswer(head.status, json, *read);
  if (!body) {
    co_await Fail(sink, body.error(), head.status);
    co_return;
  }
  Settle(IsSuccess(head.status) ? Outcome::kOk : Outcome::kFailed, head.status);
  AnswerHead out = Head(head.status);
  out.retry_after = retry_after;
  const std::string_view piece = *body;
  co_await sink.Whole(out, {&piece, 1});
}

}  // namespace signalbox::gateway
