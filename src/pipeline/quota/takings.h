// What one call has taken from the subjects that it counts for; on the hot path.
//
// Owner:   a Pass. Threads: its worker's. Errors: a Refusal; then nothing of that step is taken.
// Cancel:  GiveBack and Release undo what is still open.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "pipeline/quota/lists.h"
#include "pipeline/quota/refusal.h"
#include "pipeline/request/admission.h"

namespace signalbox::quota {

// Slots of concurrency and requests.
class Turns {
 public:
  static constexpr std::size_t kMost = 24;

  // Of every subject in `of`, which must stay.
  Refusal Take(std::span<Subject* const> of, const Moment& now);
  void Release();  // the slots; requests stay counted
  void GiveBack();

 private:
  struct Request {
    Meter* meter;
    Taking taking;
  };
  Refusal TakeOne(Subject& subject, const Moment& now);

  std::array<Subject*, kMost> slots_;
  std::array<Request, 2 * kMost> requests_;
  std::uint32_t slot_count_ = 0;
  std::uint32_t request_count_ = 0;
};

// Tokens and money of one attempt.
class Amounts {
 public:
  static constexpr std::size_t kMost = 2 * Turns::kMost;

  Refusal Take(std::span<Subject* const> of, const request::WorstCase& most, const Moment& now);
  // Open takings are settled with the truth; -1: they stay.
  void Settle(std::int64_t tokens, std::int64_t cost, Lists& lists);
  std::int64_t reserved() const { return ticket_count_ == 0 ? 0 : reserved_; }
  bool open() const { return token_count_ + ticket_count_ != 0; }

 private:
  struct Tokens {
    Meter* meter;
    Taking taking;
  };
  Refusal TakeTokens(Subject& subject, std::uint32_t holds, const request::WorstCase& most,
                     const Moment& now);
  Refusal TakeMoney(Subject& subject, std::uint32_t holds, const request::WorstCase& most,
                    const Moment& now);

  std::array<Tokens, kMost> tokens_;
  std::array<Ticket, 4 * Turns::kMost> tickets_;
  std::uint32_t token_count_ = 0;
  std::uint32_t ticket_count_ = 0;
  std::int64_t reserved_ = 0;
};

}  // namespace signalbox::quota
