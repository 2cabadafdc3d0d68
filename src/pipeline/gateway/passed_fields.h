// The fields that an answer is told with beside our own.
//
// Owner:   a Scratch; keeps the texts' memory from one answer to the next. Threads: one worker's.
// Errors:  none. Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/request/sink.h"

namespace signalbox::gateway {

class PassedFields {
 public:
  void Add(std::string_view name, std::string_view value) {
    if (count_ == fields_.size()) {
      fields_.emplace_back();
    }
    request::AnswerField& field = fields_[count_++];
    field.name.assign(name);
    field.value.assign(value);
  }
  void Clear() {
    count_ = 0;
    if (fields_.size() > kKept) {
      fields_ = std::vector<request::AnswerField>();  // `= {}` would keep the memory
    }
  }
  bool empty() const { return count_ == 0; }
  // Until the next Add.
  std::span<const request::AnswerField> all() const { return {fields_.data(), count_}; }

 private:
  static constexpr std::size_t kKept = 32;  // more than what vendors send

  std::vector<request::AnswerField> fields_;
  std::size_t count_ = 0;  // that are of this answer
};

}  // namespace signalbox::gateway
