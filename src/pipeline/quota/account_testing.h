// A shared account for tests: the store's own machine, and a line to it that loses, repeats and
// holds up calls.
//
// Threads: one. Times are milliseconds of the store's clock.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/core/random.h"
#include "io/store/account.h"

namespace signalbox::quota {

class TestAccounts {
 public:
  core::Result<store::Slice> Draw(const store::Draw& draw, std::int64_t now) {
    const core::Status checked = store::CheckDraw(draw);
    EXPECT_TRUE(checked) << checked.error().message;
    return store::Apply(books_[draw.name], draw, now, ++lives_);
  }
  std::int64_t settled(std::int64_t now) const {
    std::int64_t settled = 0;
    for (const auto& [name, book] : books_) {
      settled += store::StandingOf(book, now).settled;
    }
    return settled;
  }

 private:
  std::map<store::AccountName, store::AccountBook> books_;
  std::int64_t lives_ = 0;
};

// One replica's line. Its end says Failed after kPatience; the call may be carried out all the
// same, before that or after it.
class BadLine {
 public:
  static constexpr std::int64_t kPatience = 300;

  BadLine(TestAccounts& accounts, core::Random& random, double loss)
      : accounts_(accounts), random_(random), loss_(loss) {}

  void Send(const store::Draw& draw, std::int64_t now) {
    heard_ = {now + kPatience, std::nullopt};
    const double fate = random_.Draw();
    if (fate < loss_ / 3) {
      return;  // it never comes
    }
    if (fate < loss_ * 2 / 3) {
      late_.emplace_back(now + Pick(10 * kPatience), draw);
      return;
    }
    auto answer = accounts_.Draw(draw, now);
    if (random_.Draw() < 0.1) {
      late_.emplace_back(now + Pick(kPatience), draw);  // it comes twice
    }
    if (answer && fate >= loss_) {  // else the answer is lost
      heard_ = {now + Pick(200), *std::move(answer)};
    }
  }
  // The answer, or its want, once its time has come.
  std::optional<std::optional<store::Slice>> Hear(std::int64_t now) {
    if (!heard_ || heard_->first > now) {
      return std::nullopt;
    }
    return std::exchange(heard_, std::nullopt)->second;
  }
  void Carry(std::int64_t now) {
    std::erase_if(late_, [&](const auto& late) {
      if (late.first > now) {
        return false;
      }
      (void)accounts_.Draw(late.second, now);
      return true;
    });
  }

 private:
  std::int64_t Pick(std::int64_t most) {
    return static_cast<std::int64_t>(random_.Draw() * static_cast<double>(most));
  }

  TestAccounts& accounts_;
  core::Random& random_;
  const double loss_;
  std::optional<std::pair<std::int64_t, std::optional<store::Slice>>> heard_;
  std::vector<std::pair<std::int64_t, store::Draw>> late_;
};

}  // namespace signalbox::quota
