#include "pipeline/gateway/keeper.h"

#include <algorithm>

namespace signalbox::gateway {
namespace {

using core::Status;
using request::AnswerHead;

constexpr std::size_t kMostRefusal = 64 * 1024;  // bytes of an error that is shared
// What keeps a quiet stream alive; no part of the answer.
constexpr std::string_view kComment = ":\n\n";

}  // namespace

void Keeper::Settled(const ledger::Record& record) {
  good_ = record.outcome == ledger::Outcome::kOk;
  failed_ = record.outcome == ledger::Outcome::kFailed;
  facts_.cost_nano_usd = record.cost_nano_usd;
  facts_.input_tokens = record.usage.input;
  facts_.output_tokens = record.usage.output;
}

void Keeper::Start(const AnswerHead& head) {
  if (head.status != 200) {
    return;
  }
  draft_.emplace(terms_.table,
                 cache::EntryTexts{.provider = head.provider,
                                   .model = head.model,
                                   .content_type = head.content_type,
                                   .tags = terms_.call.hints.labels.tags},
                 terms_.most_bytes);
}

void Keeper::Write(std::span<const std::string_view> bytes) {
  if (draft_) {
    std::ranges::all_of(bytes, [this](std::string_view each) { return draft_->Append(each); });
  }
}

// Puts the answer where others find it, and gives it to those who wait.
void Keeper::Publish(bool streamed) {
  if (!draft_ || !draft_->fits() || !good_) {
    return;
  }
  facts_.key = terms_.key;
  facts_.tenant = terms_.tenant;
  facts_.stored = terms_.loop.now();
  facts_.expires = facts_.stored + terms_.permit.ttl;
  facts_.took = facts_.stored - terms_.call.arrived;
  facts_.kind = terms_.permit.kind;
  facts_.streamed = streamed;
  cache::Entry entry = std::move(*draft_).Publish(facts_);
  draft_.reset();
  if (terms_.lead != nullptr) {
    terms_.lead->Land({.answer = std::move(entry), .refusal = nullptr});
  }
}

// Gives an error of the upstream's to those who wait; of what is the caller's own, such as a limit
// or less time than others have, they hear nothing, and ask for themselves.
void Keeper::Share(const AnswerHead& head, std::span<const std::string_view> body) {
  const auto& own_time = terms_.call.hints.max_latency;
  const bool late = own_time && terms_.loop.now() >= terms_.call.arrived + *own_time;
  if (head.status < 400 || !failed_ || late || terms_.lead == nullptr || !terms_.lead->followed()) {
    return;
  }
  auto refusal = std::make_shared<cache::Refusal>();
  refusal->status = head.status;
  refusal->content_type = head.content_type;
  refusal->retry_after = head.retry_after;
  refusal->provider = head.provider;
  refusal->model = head.model;
  for (const std::string_view piece : body) {
    refusal->body += piece;
  }
  if (refusal->body.size() <= kMostRefusal) {
    terms_.lead->Land({.answer = {}, .refusal = std::move(refusal)});
  }
}

// A caller who is gone is missed by nobody while others wait for the answer.
Status Keeper::Passed(Status status) {
  gone_ |= !status.has_value();
  const bool awaited = terms_.lead != nullptr && terms_.lead->followed();
  return awaited ? Status() : std::move(status);
}

async::Task<Status> Keeper::Whole(const AnswerHead& head, std::span<const std::string_view> body) {
  Start(head);
  Write(body);
  Publish(false);
  Share(head, body);
  return terms_.to.Whole(head, body);
}

async::Task<Status> Keeper::Begin(const AnswerHead& head, bool flush) {
  Start(head);
  Status passed = co_await terms_.to.Begin(head, flush);
  co_return Passed(std::move(passed));
}

async::Task<Status> Keeper::Piece(std::span<const std::string_view> bytes, bool whole_events) {
  if (bytes.size() != 1 || bytes.front() != kComment) {
    Write(bytes);
  }
  if (gone_) {
    co_return Passed(core::Fail(core::ErrorCode::kCancelled, "the caller is gone"));
  }
  Status passed = co_await terms_.to.Piece(bytes, whole_events);
  co_return Passed(std::move(passed));
}

async::Task<Status> Keeper::End(std::span<const std::string_view> bytes) {
  Write(bytes);
  Publish(true);
  if (gone_) {
    co_return core::Fail(core::ErrorCode::kCancelled, "the caller is gone");
  }
  co_return co_await terms_.to.End(bytes);
}

}  // namespace signalbox::gateway
