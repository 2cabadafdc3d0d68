// What an attempt makes of a whole answer, and of an answer's fields.
#include "pipeline/execution/retry_after.h"
#include "pipeline/gateway/attempt.h"
#include "pipeline/gateway/hide_secrets.h"
#include "pipeline/gateway/vendor_failure.h"
#include "vendors/dialects/openai_chat/media_usage.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/limit_fields.h"

namespace signalbox::gateway {
namespace {

using core::ErrorCode;
using ledger::Outcome;

bool TellsLimit(std::string_view name) {
  return net::EqualsIgnoreCase(name.substr(0, 12), "x-ratelimit-") ||
         net::EqualsIgnoreCase(name.substr(0, 20), "anthropic-ratelimit-");
}

// Fields that callers' SDKs read, when they speak the upstream's dialect.
bool GoesOn(std::string_view name) {
  return net::EqualsIgnoreCase(name, "x-request-id") || net::EqualsIgnoreCase(name, "request-id") ||
         TellsLimit(name) || net::EqualsIgnoreCase(name.substr(0, 7), "openai-");
}

// Whether a gateway before the upstream answered from its cache.
bool TellsCache(std::string_view name) {
  return net::EqualsIgnoreCase(name, "cf-aig-cache-status") ||
         net::EqualsIgnoreCase(name, "cf-cache-status");
}

}  // namespace

async::Task<Attempt::Result> Attempt::ReceiveWhole(bool json) {
  if (!IsSuccess(status_) && status_ < 400) {
    co_return Fail({ErrorCode::kUpstreamProtocol, "the upstream answered with a redirect", {}, {}});
  }
  const auto read = co_await exchange_->ReadAll(deadline_);
  if (!read) {
    co_return Fail(read.error());
  }
  account_.record().answer_bytes = read->size();
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
  if (IsSuccess(status_) && !own_ && IsMedia(call_.operation)) {
    return TranslateMedia(json, body);
  }
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
    const catalog::Bill bill = openai_chat::ReadMediaBill(scratch_.answer.Root(), call_.operation);
    account_.TakeBill(bill, openai_chat::IsStated(bill));
    return true;
  }
  const auto bill = dialect_.ReadBill(answer, scratch_.answer);
  if (bill) {
    account_.TakeBill(*bill, bill->usage.known());
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
    account_.TakeBill(*answer.bill, answer.bill->usage.known());
  }
  scratch_.text = std::move(answer.body);
  return std::string_view(scratch_.text);
}

core::Result<std::string_view> Attempt::TranslateMedia(bool json, std::string_view body) {
  if (json && !scratch_.answer.Parse(body, {.unique_keys = false})) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "the answer is not JSON");
  }
  const json::Value root = scratch_.answer.Root();
  SB_TRY(TranslatedMedia answer,
         scratch_.media.Answer({.body = {.bytes = body, .json = json ? &root : nullptr},
                                .now = NowInSeconds(),
                                .form = scratch_.sound ? &scratch_.sound->request() : nullptr},
                               call_, dialect_));
  if (answer.bill) {
    account_.TakeBill(*answer.bill, openai_chat::IsStated(*answer.bill));
  }
  content_type_ = std::move(answer.content_type);
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

// A limit of the upstream's, as the caller's SDK reads it.
void Attempt::TranslateField(const net::Field& field, bool limited) {
  if (limited) {
    return;
  }
  if (auto limit = wire::ReadLimitField(field.name, field.value, gateway_.loop_.wall_now())) {
    scratch_.passed.Add(
        wire::LimitFieldName(*limit, call_.dialect->name()),
        wire::LimitFieldValue(*limit, call_.dialect->name(), gateway_.loop_.wall_now()));
  }
}

// Where the caller stands with the limits that are set here, in its dialect's words. False: none is
// set, and the upstream's own count.
bool Attempt::TellLimits() {
  scratch_.passed.Clear();
  if (context_.pass == nullptr) {
    return false;
  }
  const request::Instant now = gateway_.Now();
  AppendLimit(wire::LimitField::Of::kRequests, context_.pass->requests(now), now.wall);
  AppendLimit(wire::LimitField::Of::kTokens, context_.pass->tokens(now), now.wall);
  return !scratch_.passed.empty();
}

void Attempt::AppendLimit(wire::LimitField::Of of, const request::LimitState& state,
                          core::WallTime now) {
  using What = wire::LimitField::What;
  if (state.limit < 0) {
    return;
  }
  const auto append = [&](const wire::LimitField& field) {
    const std::string_view dialect = call_.dialect->name();
    scratch_.passed.Add(wire::LimitFieldName(field, dialect),
                        wire::LimitFieldValue(field, dialect, now));
  };
  append({.of = of, .what = What::kLimit, .count = std::to_string(state.limit)});
  append({.of = of, .what = What::kRemaining, .count = std::to_string(state.remaining)});
  append({.of = of,
          .what = What::kReset,
          .reset = std::chrono::ceil<std::chrono::milliseconds>(state.reset)});
}

// Those that go on to the caller, and on a failure what they say about asking again.
void Attempt::TakeFields(std::span<const net::Field> fields) {
  const bool limited = TellLimits();
  execution::RetryHints hints(gateway_.loop_.wall_now());
  for (const net::Field& field : fields) {
    if (!own_) {
      TranslateField(field, limited);
    } else if (GoesOn(field.name) && !(limited && TellsLimit(field.name))) {
      scratch_.passed.Add(field.name, field.value);
    }
    if (TellsCache(field.name)) {
      scratch_.passed.Add("x-signalbox-upstream-cache", field.value);
    }
    if (!IsSuccess(status_)) {
      hints.Take(field.name, field.value);
    }
  }
  failure_.retry_after = hints.Wait();
}

}  // namespace signalbox::gateway
