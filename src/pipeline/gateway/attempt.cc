#include "pipeline/gateway/attempt.h"

#include "base/async/watch.h"
#include "base/core/error.h"
#include "pipeline/gateway/keeper.h"
#include "pipeline/gateway/operations.h"

namespace signalbox::gateway {
namespace {

using chat::Operation;
using core::ErrorCode;
using core::Status;
using execution::FailureKind;
using ledger::Outcome;
using request::AnswerHead;
using std::chrono::duration_cast;
using std::chrono::microseconds;

// Of what the caller sends, in the midst of its sending too.
bool IsCallers(ErrorCode code) {
  return code == ErrorCode::kInvalidRequest || code == ErrorCode::kPayloadTooLarge ||
         code == ErrorCode::kClientTimeout;
}

// What an error of the exchange says about the upstream.
FailureKind KindOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kConnectFailed:
      return FailureKind::kConnect;
    case ErrorCode::kDeadlineExceeded:
      return FailureKind::kTimeout;
    case ErrorCode::kUpstreamProtocol:
      return FailureKind::kProtocol;
    default:
      return FailureKind::kBroke;
  }
}

}  // namespace

Attempt::Attempt(const CallContext& context, const execution::Target& target, std::uint32_t key,
                 std::uint16_t number)
    : context_(context),
      gateway_(context.gateway),
      lineup_(context.lineup),
      call_(context.call),
      target_(target),
      provider_(lineup_.provider(target.provider)),
      dialect_(provider_.DialectFor(*call_.dialect, call_.operation)),
      own_(provider_.Takes(dialect_, *call_.dialect, call_.operation) &&
           !call_.dialect->HoldsForeign(call_.body)),
      key_(key),
      scratch_(context.scratch),
      account_(context, target, provider_.name, number) {
  call_.id.Write(id_text_.data());
  scratch_.passed.Clear();
}

void Attempt::SetDeadline(core::MonoTime until) {
  const bool cancels = provider_.options.on_disconnect == providers::OnDisconnect::kCancel;
  deadline_ = {std::min(until, call_.arrived + provider_.options.timeouts.total),
               cancels ? call_.cancellation : &gateway_.stopping_};
}

async::Task<Attempt::Result> Attempt::Send(const chat::Envelope& envelope, core::MonoTime head_by,
                                           core::MonoTime until) {
  account_.record().streamed = envelope.stream;
  wants_usage_ = envelope.wants_usage;
  SetDeadline(until);
  const auto wanted = ToFetch();
  Status fetched = wanted ? Status{} : std::unexpected(wanted.error());
  if (wanted && !wanted->empty()) {
    fetched = co_await FetchMedia(*wanted);
  }
  if (!fetched) {
    error_ = std::move(fetched).error();
    co_return Result::kOver;
  }
  chat::EditList edits;
  if (Status prepared = Prepare(envelope, edits); !prepared) {
    co_return Refuse(std::move(prepared).error());
  }
  path_ = own_ && !call_.path.empty()
              ? std::string(call_.path)
              : dialect_.PathOf(Asked(call_, provider_, dialect_), target_.model, envelope.stream);
  if (context_.pass != nullptr) {
    if (Status reserved = co_await account_.ReserveOrFetch(deadline_); !reserved) {
      co_return RefuseReserving(std::move(reserved).error());
    }
  }
  if (Status begun = account_.Open(); !begun) {
    co_return Refuse(std::move(begun).error());
  }
  co_await gateway_.loop_.AfterEvents();  // the writes of many calls follow each other
  exchange_ = lineup_.upstream(target_.provider)->Open();
  sent_ = core::MonoNow();
  before_ = sent_ - call_.arrived;
  std::string longer_hops;
  const providers::UpstreamRequest request = Describe(envelope, longer_hops);
  if (scratch_.form) {
    head_by = deadline_.at;  // how long it takes is up to the caller
  }
  auto head = co_await exchange_->Send(request, deadline_.Earlier(head_by));
  // One that met a closing connection may have been taken all the same: another one on record.
  if (!head && exchange_->crossed()) {
    if (Status begun = account_.OpenAgain(); !begun) {
      error_ = std::move(begun).error();
      co_return Result::kOver;
    }
    head = co_await exchange_->Send(request, deadline_.Earlier(head_by));
  }
  if (scratch_.sound) {
    account_.record().request_bytes = scratch_.sound->sent();
    dropped_ = scratch_.sound->dropped();
  } else if (scratch_.form) {
    account_.record().request_bytes = scratch_.form->sent();
  }
  if (!head) {
    co_return Fail(head.error());
  }
  account_.record().first_byte_us =
      static_cast<std::uint32_t>(Micros(gateway_.loop_.now() - sent_));
  status_ = head->status;
  retry_after_ = head->retry_after;
  TakeFields(head->fields);
  if (IsSuccess(status_) && BeginRelay(envelope, head->content_type)) {
    co_return co_await ReceiveFirst();
  }
  co_return co_await ReceiveWhole(head->content_type.find("json") != std::string_view::npos);
}

// What a caller's dialect may want to say of the answer beside the upstream's words.
AnswerTerms Attempt::AnswerFacts() const {
  return {.now = NowInSeconds(),
          .model = target_.model,
          .provider = provider_.name,
          .known = target_.known,
          .begun = account_.begun(),
          .took = core::MonoNow() - call_.arrived,
          .streamed = account_.record().streamed,
          .include_usage = wants_usage_};
}

std::int64_t Attempt::NowInSeconds() const {
  return duration_cast<std::chrono::seconds>(gateway_.loop_.wall_now().time_since_epoch()).count();
}

bool Attempt::BeginRelay(const chat::Envelope& envelope, std::string_view content_type) {
  if (IsMedia(call_.operation)) {
    const bool json = content_type.find("json") != content_type.npos;
    const bool speech = call_.operation == Operation::kSpeech;
    const bool whole = own_ ? json && !speech : json || !speech;
    if (!whole) {
      content_type_ = content_type.empty() ? "application/octet-stream" : content_type;
      relay_ = &relays_.emplace<MediaRelay>(
          dialect_, call_.operation,
          content_type.starts_with(wire::ContentType(wire::Framing::kSse)));
    }
    return !whole;
  }
  if (!envelope.stream || !content_type.starts_with(wire::ContentType(dialect_.framing()))) {
    return false;
  }
  if (own_ && call_.framing == dialect_.framing()) {
    relay_ = &relays_.emplace<StreamRelay>(dialect_, envelope.wants_usage);
    return true;
  }
  relay_ = &relays_.emplace<TranslatingRelay>(TranslatingRelay::Terms{
      .from = dialect_,
      .to = *call_.dialect,
      .answer = {.include_usage = envelope.wants_usage, .framing = call_.framing},
      .own = own_,
      .facts = AnswerFacts(),
      .arrived = call_.arrived});
  return true;
}

async::Task<bool> Attempt::Deliver(request::Sink& sink) {
  if (relay_) {
    co_return co_await DeliverStream(sink);
  }
  Settle(Outcome::kOk, status_);
  AnswerHead head = Head(status_);
  head.retry_after = retry_after_;
  if (!content_type_.empty()) {
    head.content_type = content_type_;
  } else if (account_.record().streamed && !own_) {
    head.content_type = wire::ContentType(call_.framing);
  }
  co_await gateway_.loop_.AfterEvents();  // as in Send
  co_await sink.Whole(head, {&*body_, 1});
  co_return true;
}

async::Task<void> Attempt::PassFailure(request::Sink& sink) {
  if (body_) {
    AnswerHead head = Head(status_);
    head.retry_after = retry_after_;
    co_await sink.Whole(head, {&*body_, 1});
    co_return;
  }
  if (error_.code == ErrorCode::kCancelled) {
    co_return;  // nobody is left to be told
  }
  core::Error error = error_;
  if (!IsCallers(error_.code) &&
      exchange_ != nullptr) {  // what the caller wrote is nobody else's fault
    error = std::move(error).At("provider " + provider_.name);
  }
  co_await gateway_.Answer(call_, std::move(error), Head(core::HttpStatus(error_.code)), sink);
}

Attempt::Result Attempt::Refuse(core::Error error) {
  gateway_.meters_.Refused(core::Name(error.code));
  error_ = std::move(error);
  return Result::kOver;
}

// A limit of one destination leaves others; the caller's own leaves none.
Attempt::Result Attempt::RefuseReserving(core::Error error) {
  TellLimits();
  if (!account_.may_go_elsewhere()) {
    return Refuse(std::move(error));
  }
  failure_.kind = FailureKind::kOwnLimit;
  failure_.status = static_cast<std::uint16_t>(core::HttpStatus(error.code));
  error_ = std::move(error);
  return Result::kFailed;
}

// Settles what failed before anything went to the caller.
Attempt::Result Attempt::Fail(core::Error error) {
  error_ = Judge(std::move(error));
  if (IsCallers(error_.code)) {
    Settle(Outcome::kCancelled, 0);
    return Result::kOver;
  }
  const bool cancelled = error_.code == ErrorCode::kCancelled;
  failure_.kind = KindOf(error_.code);
  failure_.status = static_cast<std::uint16_t>(status_);
  Settle(cancelled ? Outcome::kCancelled : Outcome::kFailed, status_);
  return cancelled || error_.code == ErrorCode::kUnavailable ? Result::kOver : Result::kFailed;
}

// Whose the fault is when a wait was cancelled: the client's leaving, or our own end.
core::Error Attempt::Judge(core::Error error) const {
  if (error.code == ErrorCode::kCancelled && gateway_.stopping_.cancelled()) {
    return {ErrorCode::kUnavailable, "Signalbox is shutting down", {}, std::chrono::seconds(1)};
  }
  return error;
}

void Attempt::Settle(Outcome outcome, int status) {
  account_.Settle({.outcome = outcome,
                   .status = status,
                   .reached = failure_.kind != FailureKind::kConnect,
                   .answer = body_.value_or(std::string_view()),
                   .sent = sent_});
  if (scratch_.keeper != nullptr) {
    scratch_.keeper->Settled(account_.record());
  }
}

AnswerHead Attempt::Head(int status) const {
  AnswerHead head;
  head.status = status;
  head.request_id = {id_text_.data(), id_text_.size()};
  head.provider = provider_.name;
  head.model = target_.model;
  head.overhead = before_ + (core::MonoNow() - std::max(gateway_.loop_.now(), sent_));
  head.dropped = dropped_;
  head.passed = scratch_.passed.all();
  head.until = deadline_.at;
  head.cost_nano_usd = account_.cost_nano_usd();
  head.cache = scratch_.cache;
  head.fallbacks = static_cast<std::uint16_t>(account_.record().attempt - 1);
  gateway_.meters_.overhead().Observe(std::chrono::duration<double>(head.overhead).count());
  return head;
}

}  // namespace signalbox::gateway
