// A slice: what one holder (a replica) may spend of an account that it shares with others, without
// asking for each request.
//
// Owner: values. Threads: plain data. Errors: CheckDraw's kInvalidRequest says which part is wrong.
// Cancel: nothing to undo.
//
// The protocol, why it is right and what is lost when: shared/README.md. In short: a holder says
// with each call the whole truth about itself (what it has spent so far, what it has in use, what
// it wants to hold), so that any call may be lost, repeated or come twice. A store that has
// forgotten everything is taught by the holders' last answers. From the moment a call is sent its
// holder counts on no more than it wanted in it, and from the end of its lease on nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::store {

// Amounts lie between -kMostAmount and kMostAmount; sums stop there. 2^53 - 1: what scripts inside
// Redis count exactly. In nano-dollars it is nine million dollars an account and window.
inline constexpr std::int64_t kMostAmount = (std::int64_t{1} << 53) - 1;

// A holder that has not been heard of for so long after its lease is forgotten; what was booked for
// it stays booked.
inline constexpr std::chrono::hours kHolderRemembered{7 * 24};

// The account, and which of its windows: a new window starts from zero, an account without windows
// (prepaid) has an empty one.
struct AccountName {
  std::string account;
  std::string window;

  friend auto operator<=>(const AccountName&, const AccountName&) = default;
};

// The answer to a Draw.
struct Slice {
  std::int64_t held = 0;               // the holder may spend so much more until its lease ends
  std::int64_t settled = 0;            // by all holders
  std::int64_t held_by_others = 0;     // slices whose leases have not ended
  std::int64_t uncertain = 0;          // in `settled`: in use by holders that have fallen silent
  std::int64_t silent = 0;             // how many these are
  std::int64_t booked = 0;             // in `settled`: of this holder
  std::chrono::milliseconds lease{0};  // from the moment the call was sent
  std::int64_t life = 0;  // which life of the account this is; changes when it was lost
  std::int64_t at = 0;    // by the store's clock, in milliseconds
};

struct Draw {
  AccountName name;
  std::string holder;         // one life of one replica; never used again after its end
  std::int64_t sequence = 0;  // from 1, larger with each new call about this account and window
  // Of the account, as this holder knows it. One that was lowered takes nothing away: a holder that
  // sees more settled and held than the limit wants less with its next call.
  std::int64_t limit = 0;
  std::int64_t spent = 0;   // by this holder since it first drew here; refunds make it smaller
  std::int64_t in_use = 0;  // of its slice, reserved and not yet spent; booked if it falls silent
  std::int64_t wanted = 0;  // to hold from now on, at least `in_use`; less gives back
  std::chrono::milliseconds ttl{0};   // the lease
  std::chrono::milliseconds keep{0};  // the account is kept so long after its last Draw; 0: always
  std::optional<Slice> last;          // the last answer this holder had here
};

// An account as a report shows it.
struct Standing {
  std::int64_t settled = 0;
  std::int64_t held = 0;  // all slices
  std::int64_t uncertain = 0;
  std::int64_t silent = 0;
  std::int64_t holders = 0;  // with a lease
};

// UTF-8 without control characters, up to 512 bytes; `what` names it in the error.
core::Status CheckText(std::string_view text, std::string_view what);
core::Status CheckName(const AccountName& name);
core::Status CheckDraw(const Draw& draw);

}  // namespace signalbox::store
