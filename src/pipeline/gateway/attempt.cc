#include "pipeline/gateway/attempt.h"

#include "base/async/watch.h"
#include "base/core/error.h"
#include "pipeline/execution/retry_after.h"
#include "pipeline/gateway/hide_secrets.h"
#include "pipeline/gateway/operations.h"
#include "pipeline/gateway/tally.h"
#include "pipeline/gateway/vendor_failure.h"
#include "vendors/dialects/openai_chat/media_usage.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/limit_fields.h"

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

bool IsSuccess(int status) {
  return status >= 200 && status < 300;
}

// What the loop calls now may lie before a clock that was read in the same turn: no time has
// passed.
std::uint64_t Micros(std::chrono::nanoseconds time) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, duration_cast<microseconds>(time).count()));
}

// Fields that callers' SDKs read, when they speak the upstream's dialect.
bool GoesOn(std::string_view name) {
  return net::EqualsIgnoreCase(name, "x-request-id") || net::EqualsIgnoreCase(name, "request-id") ||
         net::EqualsIgnoreCase(name.substr(0, 12), "x-ratelimit-") ||
         net::EqualsIgnoreCase(name.substr(0, 20), "anthropic-ratelimit-") ||
         net::EqualsIgnoreCase(name.substr(0, 7), "openai-");
}

// Whether a gateway before the upstream answered from its cache.
bool TellsCache(std::string_view name) {
  return net::EqualsIgnoreCase(name, "cf-aig-cache-status") ||
         net::EqualsIgnoreCase(name, "cf-cache-status");
}

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

Attempt::Attempt(Gateway& gateway, Lineup& lineup, const request::Call& call,
                 const request::Principal& principal, const execution::Target& target,
                 std::uint32_t key, std::uint16_t number, Scratch& scratch)
    : gateway_(gateway),
      lineup_(lineup),
      call_(call),
      target_(target),
      provider_(lineup.provider(target.provider)),
      dialect_(provider_.DialectFor(*call.dialect, call.operation)),
      own_(provider_.Takes(dialect_, *call.dialect, call.operation) &&
           !call.dialect->HoldsForeign(call.body)),
      key_(key),
      scratch_(scratch),
      meters_(gateway.meters_.For(provider_.name, target.model)) {
  record_.request = call.id;
  record_.attempt = number;
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
  record_.time = begun_ = gateway_.loop_.wall_now();
  SB_CHECK_OK(gateway_.journal_.AppendIntent(record_));
  open_ = true;
  return {};
}

// A request that went out and met a closing connection may have been taken all the same: what
// follows is another attempt on record.
Status Attempt::BeginAgain() {
  Settle(Outcome::kUncertain, 0);
  ++record_.attempt;
  return Begin();
}

void Attempt::SetDeadline(core::MonoTime until) {
  const bool cancels = provider_.options.on_disconnect == providers::OnDisconnect::kCancel;
  deadline_ = {std::min(until, call_.arrived + provider_.options.timeouts.total),
               cancels ? call_.cancellation : &gateway_.stopping_};
}

async::Task<Attempt::Result> Attempt::Send(const chat::Envelope& envelope, core::MonoTime head_by,
                                           core::MonoTime until) {
  record_.streamed = envelope.stream;
  wants_usage_ = envelope.wants_usage;
  SetDeadline(until);
  if (Status fetched = co_await FetchMedia(); !fetched) {
    error_ = std::move(fetched).error();
    co_return Result::kOver;
  }
  chat::EditList edits;
  if (Status prepared = Prepare(envelope, edits); !prepared) {
    error_ = std::move(prepared).error();
    gateway_.meters_.Refused(core::Name(error_.code));
    co_return Result::kOver;
  }
  path_ = !call_.path.empty()
              ? std::string(call_.path)
              : dialect_.PathOf(Asked(call_, provider_, dialect_), target_.model, envelope.stream);
  if (Status begun = Begin(); !begun) {
    error_ = std::move(begun).error();
    gateway_.meters_.Refused(core::Name(error_.code));
    co_return Result::kOver;
  }
  exchange_ = lineup_.upstream(target_.provider)->Open();
  sent_ = core::MonoNow();
  before_ = sent_ - call_.arrived;
  std::string longer_hops;
  const providers::UpstreamRequest request = Describe(envelope, longer_hops);
  if (scratch_.form) {
    head_by = deadline_.at;  // how long it takes is up to the caller
  }
  auto head = co_await exchange_->Send(request, deadline_.Earlier(head_by));
  if (!head && exchange_->crossed()) {
    if (Status begun = BeginAgain(); !begun) {
      error_ = std::move(begun).error();
      co_return Result::kOver;
    }
    head = co_await exchange_->Send(request, deadline_.Earlier(head_by));
  }
  if (scratch_.form) {
    record_.request_bytes = scratch_.form->sent();
  }
  if (!head) {
    co_return Fail(head.error());
  }
  record_.first_byte_us = static_cast<std::uint32_t>(Micros(gateway_.loop_.now() - sent_));
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
          .begun = begun_,
          .took = core::MonoNow() - call_.arrived,
          .streamed = record_.streamed,
          .include_usage = wants_usage_};
}

std::int64_t Attempt::NowInSeconds() const {
  return duration_cast<std::chrono::seconds>(gateway_.loop_.wall_now().time_since_epoch()).count();
}

bool Attempt::BeginRelay(const chat::Envelope& envelope, std::string_view content_type) {
  if (IsMedia(call_.operation)) {
    const bool whole =
        call_.operation != Operation::kSpeech && content_type.find("json") != content_type.npos;
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

async::Task<Attempt::Result> Attempt::ReceiveWhole(bool json) {
  if (!IsSuccess(status_) && status_ < 400) {
    co_return Fail({ErrorCode::kUpstreamProtocol, "the upstream answered with a redirect", {}, {}});
  }
  const auto read = co_await exchange_->ReadAll(deadline_);
  if (!read) {
    co_return Fail(read.error());
  }
  record_.answer_bytes = read->size();
  const auto body = CheckAnswer(json, *read);
  if (!body) {
    co_return Fail(body.error());
  }
  body_ = *body;
  if (IsSuccess(status_)) {
    co_return Result::kReady;
  }
  if (auto hidden = HideSecrets(*body, provider_)) {
    scratch_.text = *std::move(hidden);
    body_ = scratch_.text;
  }
  Settle(Outcome::kFailed, status_);
  failure_.status = static_cast<std::uint16_t>(status_);
  chat::VendorError said = dialect_.ParseError(*body_);
  ReadVendorError(said, failure_);
  error_.message = said.message;
  if (!own_) {
    core::Error ours = wire::ToError(status_, said);
    scratch_.text =
        call_.dialect->RenderError({.status = status_,
                                    .error = std::move(ours),
                                    .vendor = std::move(said),
                                    .request_id = call_.id.Text(),
                                    .timestamp = core::Iso8601(gateway_.loop_.wall_now())});
    body_ = scratch_.text;
  }
  co_return Result::kFailed;
}

core::Result<std::string_view> Attempt::CheckAnswer(bool json, std::string_view body) {
  if (json && IsSuccess(status_) && !own_) {
    return TranslateAnswer(body);
  }
  if (json && TakeBillOf(body)) {
    return body;
  }
  if (IsSuccess(status_)) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "the answer is not JSON");
  }
  scratch_.text =
      dialect_.RenderError({.status = status_,
                            .error = {ErrorCode::kUpstreamFailed, WithoutJson(), {}, {}},
                            .vendor = {}});
  return std::string_view(scratch_.text);
}

// False: it is no JSON object.
bool Attempt::TakeBillOf(std::string_view answer) {
  if (IsMedia(call_.operation)) {
    if (!scratch_.answer.Parse(answer, {.unique_keys = false}) ||
        !scratch_.answer.Root().IsObject()) {
      return false;
    }
    bill_ = openai_chat::ReadMediaBill(scratch_.answer.Root(), call_.operation);
    stated_ = openai_chat::IsStated(bill_);
    return true;
  }
  const auto bill = dialect_.ReadBill(answer, scratch_.answer);
  if (bill) {
    bill_ = *bill;
    stated_ = bill_.usage.known();
  }
  return bill.has_value();
}

core::Result<std::string_view> Attempt::TranslateAnswer(std::string_view body) {
  if (!scratch_.answer.Parse(body, {.unique_keys = false})) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "the answer is not JSON");
  }
  SB_TRY(TranslatedAnswer answer,
         scratch_.translator.Answer(scratch_.answer.Root(), call_, dialect_, AnswerFacts()));
  if (answer.bill) {
    bill_ = *answer.bill;
    stated_ = bill_.usage.known();
  }
  scratch_.text = std::move(answer.body);
  return std::string_view(scratch_.text);
}

// Of a path that is not there, the base URL is nearly always to blame.
std::string Attempt::WithoutJson() const {
  std::string text = "provider " + provider_.name + " answered " + std::to_string(status_) +
                     " without an error in JSON";
  if (status_ == 404 || status_ == 405) {
    text.append(": it has no ")
        .append(provider_.base_url.path)
        .append(path_.substr(0, path_.find('?')));
    text.append("; check providers.").append(provider_.name).append(".base_url");
  }
  return text;
}

async::Task<bool> Attempt::Deliver(request::Sink& sink) {
  if (relay_) {
    co_return co_await DeliverStream(sink);
  }
  Settle(Outcome::kOk, status_);
  AnswerHead head = Head(status_);
  head.retry_after = retry_after_;
  if (record_.streamed && !own_) {
    head.content_type = wire::ContentType(call_.framing);
  }
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
  if (!IsCallers(error_.code)) {  // what the caller wrote is nobody else's fault
    error = std::move(error).At("provider " + provider_.name);
  }
  co_await gateway_.Answer(call_, std::move(error), Head(core::HttpStatus(error_.code)), sink);
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
  if (!open_) {
    return;
  }
  open_ = false;
  record_.type = ledger::RecordType::kSettlement;
  record_.time = gateway_.loop_.wall_now();
  record_.outcome = outcome;
  record_.status = static_cast<std::uint16_t>(status);
  record_.total_us = Micros(std::max(gateway_.loop_.now(), sent_) - call_.arrived);
  Price();
  gateway_.journal_.AppendSettlement(record_);
  gateway_.meters_.Settled(meters_, record_);
}

// The caller's words, while they are there.
std::string_view Attempt::KeptRequest() const {
  return call_.body.size() <= request::kKeptBody ? call_.body : std::string_view();
}

// Puts down what was used and what it cost. Nobody bills a call that did not reach them or that
// they refused; of one that broke off before its answer's head nobody knows.
void Attempt::Price() {
  if (stated_) {
    record_.usage_source = ledger::UsageSource::kVendor;
  } else if (status_ >= 400 || failure_.kind == FailureKind::kConnect) {
    record_.cost_nano_usd = 0;
    return;
  } else if (IsSuccess(status_)) {
    record_.usage_source = CountUnstated();
  } else {
    return;
  }
  record_.usage = bill_.usage;
  const auto cost = catalog::CostOf(bill_, target_.known, begun_);
  record_.cost_nano_usd = cost ? cost->count : -1;
  record_.cost_stated = bill_.stated.has_value();
}

// What the upstream has not said. Of sound and pictures nobody else can.
ledger::UsageSource Attempt::CountUnstated() {
  if (IsMedia(call_.operation)) {
    bill_.usage.characters = characters_;
    return characters_ >= 0 ? ledger::UsageSource::kCounted : ledger::UsageSource::kNone;
  }
  return CountMissing(gateway_.counter_,
                      {.dialect = *call_.dialect,
                       .operation = call_.operation,
                       .model = target_.model,
                       .request = KeptRequest(),
                       .request_bytes = record_.request_bytes,
                       .answer = body_.value_or(std::string_view())},
                      bill_.usage);
}

AnswerHead Attempt::Head(int status) const {
  AnswerHead head;
  head.status = status;
  head.request_id = {id_text_.data(), id_text_.size()};
  head.provider = provider_.name;
  head.model = target_.model;
  head.overhead = before_ + (core::MonoNow() - std::max(gateway_.loop_.now(), sent_));
  head.dropped = dropped_;
  head.passed = scratch_.passed;
  head.until = deadline_.at;
  head.cost_nano_usd = open_ ? -1 : record_.cost_nano_usd;
  head.fallbacks = static_cast<std::uint16_t>(record_.attempt - 1);
  gateway_.meters_.overhead().Observe(std::chrono::duration<double>(head.overhead).count());
  return head;
}

// A limit of the upstream's, as the caller's SDK reads it.
void Attempt::TranslateField(const net::Field& field) {
  if (auto limit = wire::ReadLimitField(field.name, field.value, gateway_.loop_.wall_now())) {
    scratch_.passed.push_back(
        {wire::LimitFieldName(*limit, call_.dialect->name()),
         wire::LimitFieldValue(*limit, call_.dialect->name(), gateway_.loop_.wall_now())});
  }
}

// Those that go on to the caller, and on a failure what they say about asking again.
void Attempt::TakeFields(std::span<const net::Field> fields) {
  scratch_.passed.clear();
  execution::RetryHints hints(gateway_.loop_.wall_now());
  for (const net::Field& field : fields) {
    if (!own_) {
      TranslateField(field);
    } else if (GoesOn(field.name)) {
      scratch_.passed.push_back({std::string(field.name), std::string(field.value)});
    }
    if (TellsCache(field.name)) {
      scratch_.passed.push_back({"x-signalbox-upstream-cache", std::string(field.value)});
    }
    if (!IsSuccess(status_)) {
      hints.Take(field.name, field.value);
    }
  }
  failure_.retry_after = hints.Wait();
}

}  // namespace signalbox::gateway
