// What one call at an upstream did and cost, in the journal: its intent, and how it was settled.
// Internal to the gateway.
//
// Owner:   an Attempt.
// Threads: the worker's.
// Errors:  Reserve's, when a limit or budget is reached; Open's, when the journal takes no more
//          calls: then nothing may be sent.
// Cancel:  an account that is left open is settled as uncertain by its destructor.
#pragma once

#include <string_view>

#include "pipeline/execution/plan.h"
#include "pipeline/gateway/call_context.h"
#include "pipeline/gateway/tally.h"

namespace signalbox::gateway {

// What is known of a call when it is settled.
struct Ending {
  ledger::Outcome outcome = ledger::Outcome::kOk;
  int status = 0;                // of the upstream's answer; 0: there is none
  bool reached = true;           // the upstream may have taken the call
  std::string_view answer = {};  // a whole one; empty: streamed, or none
  core::MonoTime sent = {};      // when it went out
};

// What is known of a call before anything is sent to `provider`.
ledger::Record RecordOf(const CallContext& context, std::string_view provider,
                        std::string_view model, std::uint16_t attempt);

class Account {
 public:
  // `number`: of the attempts of this call that are on record.
  Account(const CallContext& context, const execution::Target& target, std::string_view provider,
          std::uint16_t number);
  ~Account();
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  // Takes what the call may use and cost at most from the limits and budgets that hold for it.
  core::Status Reserve();
  // Whether Reserve failed for that target alone.
  bool may_go_elsewhere() const;
  // Reserve, and where other replicas have what is missing, once more when they were asked.
  async::Task<core::Status> ReserveOrFetch(async::Deadline deadline);
  // Writes the intent down: from here on the call is on the record, whatever becomes of it.
  core::Status Open();
  // The same call once more; whether the upstream has taken the first is not known.
  core::Status OpenAgain();
  // Puts down what was used and what it cost; a call that is settled already stays as it is.
  void Settle(const Ending& ending);

  // What the upstream says of what was used; `stated`: it has said tokens or a cost.
  void TakeBill(const catalog::Bill& bill, bool stated);
  // Of a text that is to be spoken.
  void SetCharacters(std::int64_t characters) { characters_ = characters; }

  ledger::Record& record() { return record_; }
  const ledger::Record& record() const { return record_; }
  core::WallTime begun() const { return begun_; }
  // In 10^-9 dollars; -1: not settled yet, or not known.
  std::int64_t cost_nano_usd() const { return open_ ? -1 : record_.cost_nano_usd; }

 private:
  std::int64_t CountInput() const;
  void Price(const Ending& ending);
  ledger::UsageSource CountUnstated(std::string_view answer);
  Uncounted ToCount(std::string_view answer) const;
  std::string_view KeptRequest() const;

  const CallContext& context_;
  Gateway& gateway_;
  const request::Call& call_;
  const execution::Target& target_;
  TargetMeters& meters_;
  ledger::Record record_;
  core::WallTime begun_{};
  catalog::Bill bill_;
  bool stated_ = false;           // bill_ is what the upstream says
  std::int64_t characters_ = -1;  // that are to be spoken
  bool open_ = false;             // an intent waits for its settlement
};

// Of an upstream's answer.
constexpr bool IsSuccess(int status) {
  return status >= 200 && status < 300;
}

// No time has passed where a clock that was read in the same turn lies behind.
std::uint64_t Micros(std::chrono::nanoseconds time);

}  // namespace signalbox::gateway
