// What the random values of each dialect's schemas are held against: its rules of meaning, and how
// its streams are cut into frames. A dialect without a row has the rules of meaning.h alone.
//
// Owner: a test. Threads: one. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/dialects/testkit/meaning.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::dialects {

struct Schemas {
  testkit::Rules rules;
  // What a whole value of ours says more clearly than the vendor does: done to both.
  void (*normalise)(testkit::Meaning& value) = nullptr;
  // The frames of a stream, without what changes no meaning.
  std::vector<testkit::Meaning> (*frames)(std::string_view stream) = nullptr;
};

Schemas RulesOf(std::string_view dialect, std::string_view kind);

// The bytes of a stream: server-sent events, whose type is the data's "type" where the dialect has
// types, or lines. A text among the frames stands for itself: "[DONE]".
std::string BytesOf(const wire::Dialect& dialect, const json::Value& frames);

// The text of a member; empty: none.
inline std::string TextOf(const testkit::Meaning& object, const std::string& key) {
  return object.At(key).scalar;
}

}  // namespace signalbox::dialects
