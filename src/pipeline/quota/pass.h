// One call on its way through limits and budgets: request::Pass.
//
// Owner:   the call; kept by its worker's Admission for the next one. Threads: the worker's.
// Errors, Cancel: as request::Pass.
#pragma once

#include <cstdint>
#include <span>

#include "pipeline/quota/places.h"
#include "pipeline/quota/takings.h"
#include "pipeline/request/admission.h"

namespace signalbox::async {
class Loop;
}

namespace signalbox::quota {

class SliceSource;

// What a Pass works on; outlives it.
struct Desk {
  Registry& registry;
  const Allowance& everybody;     // of callers without a credential
  SliceSource* slices = nullptr;  // null: nothing is shared with other replicas
  async::Loop* loop = nullptr;    // needed with slices
};

class Pass final : public request::Pass {
 public:
  Pass() = default;

  // Collects whom the call counts for and takes its turns.
  core::Status Begin(Desk& desk, const request::Wanted& wanted);
  void End();

  core::Status Reserve(const request::Destination& to, const request::WorstCase& most,
                       const request::Instant& now, CountInput exact, const void* context) override;
  bool may_go_elsewhere() const override { return elsewhere_; }
  bool needs_slice() const override { return wants_slice_ != nullptr; }
  async::Task<void> FetchSlice(async::Deadline deadline) override;
  void Settle(const request::Used& used) override;
  std::int64_t reserved_nano_usd() const override { return amounts_.reserved(); }
  request::LimitState requests(const request::Instant& now) const override;
  request::LimitState tokens(const request::Instant& now) const override;

 private:
  static_assert(kMostWho + kMostWhere <= Turns::kMost);

  void CollectParties(const request::Principal& principal);
  std::span<Subject* const> who() const { return subjects_.all().first(who_); }
  std::span<Subject* const> where() const { return subjects_.all().subspan(who_); }
  Refusal TakeAmounts(const request::WorstCase& most, const Moment& now, CountInput exact,
                      const void* context);
  // Everything open is given back.
  void GiveBackAmounts();
  // Once what was taken or given back is counted: the other replicas are to hear of it, and this
  // one of theirs.
  void Touch();
  std::unexpected<core::Error> Refuse(const Refusal& refusal);
  request::LimitState Nearest(std::size_t first, const Moment& now) const;

  Desk* desk_ = nullptr;
  core::Uuid tenant_;
  core::Uuid payer_;  // the user at a provider
  Subjects<kMostWho + kMostWhere> subjects_;
  std::uint32_t who_ = 0;  // of them, before those of the destination
  Budget* wants_slice_ = nullptr;
  bool elsewhere_ = false;
  Turns entry_;    // of the call
  Turns attempt_;  // of the attempt, at its destination
  Amounts amounts_;
};

}  // namespace signalbox::quota
