#include "pipeline/gateway/account.h"

#include <algorithm>

#include "pipeline/gateway/media_relay.h"

namespace signalbox::gateway {

using core::Status;
using ledger::Outcome;
using ledger::UsageSource;

namespace {

constexpr int kMostFetches = 8;

}  // namespace

std::uint64_t Micros(std::chrono::nanoseconds time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::microseconds>(time).count()));
}

ledger::Record RecordOf(const CallContext& context, std::string_view provider,
                        std::string_view model, std::uint16_t attempt) {
  ledger::Record record;
  record.request = context.call.id;
  record.attempt = attempt;
  record.operation = static_cast<std::uint8_t>(context.call.operation);
  record.provider = provider;
  record.model = model;
  record.principal = context.principal.id;
  record.labels = context.call.hints.labels;
  if (context.principal.grant != nullptr) {
    record.parties = context.principal.grant->parties;
  }
  return record;
}

Account::Account(const CallContext& context, const execution::Target& target,
                 std::string_view provider, std::uint16_t number)
    : context_(context),
      gateway_(context.gateway),
      call_(context.call),
      target_(target),
      meters_(gateway_.meters_.For(provider, target.model)),
      record_(RecordOf(context, provider, target.model, number)) {}

Account::~Account() {
  Settle({.outcome = Outcome::kUncertain});
}

Status Account::Reserve() {
  if (context_.pass == nullptr) {
    return {};
  }
  const request::WorstCase most = quota::WorstCaseOf(
      context_.size,
      context_.lineup.BoundOf(target_, gateway_.loop_.wall_now(), context_.size.priority));
  const auto count = [](const void* account) {
    return static_cast<const Account*>(account)->CountInput();
  };
  SB_CHECK_OK(context_.pass->Reserve({.provider = record_.provider, .model = record_.model}, most,
                                     gateway_.Now(), count, this));
  record_.reserved_nano_usd = context_.pass->reserved_nano_usd();
  return {};
}

// Near a limit, where its bytes say too much.
std::int64_t Account::CountInput() const {
  return context_.size.media == 0 ? ExactInput(gateway_.counter_, ToCount({})) : -1;
}

bool Account::may_go_elsewhere() const {
  return context_.pass != nullptr && context_.pass->may_go_elsewhere();
}

async::Task<Status> Account::ReserveOrFetch(async::Deadline deadline) {
  Status reserved = Reserve();
  // Each budget that holds for the call may have to fetch its own.
  for (int i = 0; i < kMostFetches && !reserved && context_.pass->needs_slice(); ++i) {
    co_await context_.pass->FetchSlice(deadline);
    reserved = Reserve();
  }
  co_return reserved;
}

Status Account::Open() {
  record_.type = ledger::RecordType::kIntent;
  record_.time = begun_ = gateway_.loop_.wall_now();
  SB_CHECK_OK(gateway_.journal_.AppendIntent(record_));
  open_ = true;
  return {};
}

Status Account::OpenAgain() {
  Settle({.outcome = Outcome::kUncertain});
  ++record_.attempt;
  SB_CHECK_OK(Reserve());
  return Open();
}

void Account::TakeBill(const catalog::Bill& bill, bool stated) {
  bill_ = bill;
  stated_ = stated;
}

void Account::Settle(const Ending& ending) {
  if (!open_) {
    return;
  }
  open_ = false;
  record_.type = ledger::RecordType::kSettlement;
  record_.time = gateway_.loop_.wall_now();
  record_.outcome = ending.outcome;
  record_.status = static_cast<std::uint16_t>(ending.status);
  record_.total_us = Micros(std::max(gateway_.loop_.now(), ending.sent) - call_.arrived);
  Price(ending);
  gateway_.journal_.AppendSettlement(record_);
  if (context_.pass != nullptr) {
    context_.pass->Settle({.input_tokens = record_.usage.input,
                           .output_tokens = record_.usage.output,
                           .cost_nano_usd = record_.cost_nano_usd});
  }
  gateway_.meters_.Settled(meters_, record_);
}

// Nobody bills a call that did not reach them or that they refused; of one that broke off before
// its answer's head nobody knows.
void Account::Price(const Ending& ending) {
  if (stated_) {
    record_.usage_source = UsageSource::kVendor;
  } else if (ending.status >= 400 || !ending.reached) {
    record_.cost_nano_usd = 0;
    return;
  } else if (IsSuccess(ending.status)) {
    record_.usage_source = CountUnstated(ending.answer);
  } else {
    return;
  }
  record_.usage = bill_.usage;
  const auto cost = catalog::CostOf(bill_, target_.known, begun_);
  record_.cost_nano_usd = cost ? cost->count : -1;
  record_.cost_stated = bill_.stated.has_value();
}

// What the upstream has not said. Of sound and pictures nobody else can.
UsageSource Account::CountUnstated(std::string_view answer) {
  if (IsMedia(call_.operation)) {
    bill_.usage.characters = characters_;
    return characters_ >= 0 ? UsageSource::kCounted : UsageSource::kNone;
  }
  return CountMissing(gateway_.counter_, ToCount(answer), bill_.usage);
}

Uncounted Account::ToCount(std::string_view answer) const {
  return {.dialect = *call_.dialect,
          .operation = call_.operation,
          .model = target_.model,
          .request = KeptRequest(),
          .request_bytes = record_.request_bytes,
          .answer = answer};
}

// The caller's words, while they are there.
std::string_view Account::KeptRequest() const {
  return call_.body.size() <= request::kKeptBody ? call_.body : std::string_view();
}

}  // namespace signalbox::gateway
