// What a change did to a row, and who is told of it before it is made: what cannot be written down
// for good is not done.
//
// Owner:   the witness is that of whoever asks for the change; it lives as long as the call.
// Threads: the one that runs the transaction, which may be another writer's.
// Errors:  Before's keep the change from being made, and are the caller's.
// Cancel:  a kill between Before and the commit leaves word of a change that was not made.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/core/error.h"

namespace signalbox::request {

// Nothing before: it was made; nothing after: it was removed.
template <typename T>
struct Change {
  std::optional<T> before;
  std::optional<T> after;
};

template <typename... Rows>
class Witness {
 public:
  using Told = std::variant<const Change<Rows>*...>;

  virtual ~Witness() = default;
  // The last thing in the transaction, before its commit.
  virtual core::Status Before(Told change) = 0;
  // What Before was told of has not come to be, or nobody knows whether it has.
  virtual void Failed(const core::Error& why) = 0;
};

// The way of one change past its witness, who may be null. A transaction may be run again.
template <typename W>
class Testimony {
 public:
  explicit Testimony(W* witness) : witness_(witness) {}

  // Inside the transaction. Of what changes nothing nobody is told.
  template <typename T>
  core::Status Give(const Change<T>& change) {
    TakeBack(
        {core::ErrorCode::kUnavailable, "the database broke it off; it is tried again", {}, {}});
    if (witness_ == nullptr || (!change.before && !change.after)) {
      return {};
    }
    SB_CHECK_OK(witness_->Before(&change));
    given_ = true;
    return {};
  }
  // With what became of the transaction, which it returns.
  core::Status End(core::Status ended) {
    if (!ended) {
      TakeBack(ended.error());
    }
    return ended;
  }

 private:
  void TakeBack(const core::Error& why) {
    if (std::exchange(given_, false)) {
      witness_->Failed(why);
    }
  }

  W* witness_;
  bool given_ = false;
};

}  // namespace signalbox::request
