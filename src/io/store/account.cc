#include "io/store/account.h"

#include <algorithm>
#include <tuple>

namespace signalbox::store {
namespace {

constexpr std::int64_t kRememberedMs = std::chrono::milliseconds(kHolderRemembered).count();

std::int64_t Bounded(std::int64_t amount) {
  return std::clamp(amount, -kMostAmount, kMostAmount);
}

// Frees the slices whose leases have ended, but for what was in use: that is booked until its
// holder says what became of it.
void EndLeases(AccountBook& book, std::int64_t now) {
  for (auto at = book.holders.begin(); at != book.holders.end();) {
    HolderBook& holder = at->second;
    if (holder.lease_end <= now && holder.held > 0) {
      holder.uncertain = std::min(holder.in_use, holder.held);
      book.settled = Bounded(book.settled + holder.uncertain);
      holder.held = 0;
      holder.silent = true;
    }
    at = holder.lease_end + kRememberedMs <= now ? book.holders.erase(at) : std::next(at);
  }
}

// A holder that knows the account from an earlier life tells what was settled then. The latest word
// counts, and counts once.
void Learn(AccountBook& book, const Draw& draw, std::int64_t now) {
  if (!draw.last || draw.last->life == book.life ||
      std::tuple(draw.last->at, draw.last->settled) <= std::tuple(book.told_at, book.told)) {
    return;
  }
  if (book.told_at == 0) {
    book.recovers_until = now + draw.ttl.count();
  }
  book.settled = Bounded(book.settled + draw.last->settled - book.told);
  book.told = draw.last->settled;
  book.told_at = draw.last->at;
}

// What the store owes to this holder before the call: booked already, and held (or booked as
// uncertain) for it.
struct Before {
  std::int64_t booked = 0;
  std::int64_t have = 0;
};

Before FindBefore(const AccountBook& book, const HolderBook* holder, const Draw& draw,
                  std::int64_t now) {
  if (holder != nullptr) {
    return {holder->booked, holder->held + holder->uncertain};
  }
  if (!draw.last) {
    return {};
  }
  if (draw.last->life != book.life) {
    return {draw.last->booked, draw.last->held};
  }
  // Of this life and not there: forgotten after a long time, or the store went back to a copy from
  // before this holder came. In the copy nothing of it is booked.
  return now - draw.last->at > kRememberedMs ? Before{draw.last->booked, 0} : Before{};
}

std::int64_t HeldByOthers(const AccountBook& book, std::string_view name) {
  std::int64_t held = 0;
  for (const auto& [other_name, other] : book.holders) {
    held = Bounded(held + (other_name == name ? 0 : other.held));
  }
  return held;
}

Slice Answer(const AccountBook& book, std::string_view name, const HolderBook& holder,
             std::int64_t now) {
  Slice slice{.held = holder.held,
              .settled = book.settled,
              .held_by_others = HeldByOthers(book, name),
              .booked = holder.booked,
              .lease = std::chrono::milliseconds(std::max<std::int64_t>(holder.lease_end - now, 0)),
              .life = book.life,
              .at = now};
  for (const auto& [other_name, other] : book.holders) {
    slice.uncertain = Bounded(slice.uncertain + other.uncertain);
    slice.silent += other.silent ? 1 : 0;
  }
  return slice;
}

}  // namespace

core::Result<Slice> Apply(AccountBook& book, const Draw& draw, std::int64_t now,
                          std::int64_t life) {
  EndLeases(book, now);
  const auto found = book.holders.find(draw.holder);
  HolderBook* known = found == book.holders.end() ? nullptr : &found->second;
  if (known != nullptr && draw.sequence < known->sequence) {
    return core::Fail(core::ErrorCode::kConflict, "a later call of this holder came first");
  }
  if (known != nullptr && draw.sequence == known->sequence) {
    return Answer(book, draw.holder, *known, now);
  }
  book.life = book.life == 0 ? life : book.life;
  Learn(book, draw, now);

  const Before before = FindBefore(book, known, draw, now);
  const std::int64_t news = draw.spent - before.booked;
  const std::int64_t uncertain = known == nullptr ? 0 : known->uncertain;
  book.settled = Bounded(book.settled + news - uncertain);

  // What it has, it keeps as long as it wants it: it may not have heard of anything else. More is
  // given only where there is room, and where no slice may be missing.
  const std::int64_t have =
      std::max<std::int64_t>(before.have - std::max<std::int64_t>(news, 0), 0);
  const std::int64_t room = draw.limit - book.settled - HeldByOthers(book, draw.holder);
  const std::int64_t most = now < book.recovers_until ? have : std::max(room, have);
  HolderBook& holder = book.holders[draw.holder];
  holder = {.sequence = draw.sequence,
            .held = std::min(std::max(draw.wanted, draw.in_use), most),
            .in_use = draw.in_use,
            .booked = draw.spent,
            .lease_end = now + draw.ttl.count()};
  return Answer(book, draw.holder, holder, now);
}

Standing StandingOf(const AccountBook& book, std::int64_t now) {
  AccountBook then = book;
  EndLeases(then, now);
  Standing standing{.settled = then.settled};
  for (const auto& [name, holder] : then.holders) {
    standing.held = Bounded(standing.held + holder.held);
    standing.uncertain = Bounded(standing.uncertain + holder.uncertain);
    standing.silent += holder.silent ? 1 : 0;
    standing.holders += holder.lease_end > now ? 1 : 0;
  }
  return standing;
}

}  // namespace signalbox::store
