// The items of a call that may be sent, and the answers of all in their order.
//
// Owner: the call. Threads: one. Errors: an item that fails its check has that error as its answer.
// Cancel: nothing to undo.
#pragma once

#include <utility>
#include <vector>

#include "base/core/error.h"

namespace signalbox::store {

template <typename Item, typename Answer>
class CheckedBatch {
 public:
  using Answers = std::vector<core::Result<Answer>>;

  CheckedBatch(std::vector<Item> items, core::Status (*check)(const Item&))
      : answers_(items.size()) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (core::Status checked = check(items[i]); !checked) {
        answers_[i] = std::unexpected(std::move(checked).error());
        continue;
      }
      good_.push_back(std::move(items[i]));
      places_.push_back(i);
    }
  }

  std::vector<Item>& good() { return good_; }
  // The answer to good()[i].
  void Put(std::size_t i, core::Result<Answer> answer) { answers_[places_[i]] = std::move(answer); }
  // The same error for all of them.
  void Fail(const core::Error& error) {
    for (const std::size_t place : places_) {
      answers_[place] = std::unexpected(error);
    }
  }
  Answers Take() { return std::move(answers_); }

 private:
  std::vector<Item> good_;
  std::vector<std::size_t> places_;  // of the good ones, among all
  Answers answers_;
};

}  // namespace signalbox::store
