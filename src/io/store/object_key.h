// The key of an object: folders and a name, `episodes/2026/11/21T093000Z_ep_01.json`.
//
// Owner:   the caller; a value. Threads: plain data.
// Errors:  kInvalidRequest with the rule that the text breaks; never repeats the text.
// Cancel:  nothing to undo.
//
// A key is the same everywhere: a path below a directory, a name in a bucket, without escapes.
//   - ASCII letters, digits and - _ = + @ , : ~, and in the name also dots; so no key climbs,
//   hides,
//     ends a string early or looks like another one.
//   - A folder has no dot and a name has one, neither first nor last: `a` is never both the folder
//     of `a/b.json` and an object.
//   - No empty step, 200 bytes a step, 900 in all.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::store {

class ObjectKey {
 public:
  static constexpr std::size_t kMostBytes = 900;
  static constexpr std::size_t kMostStepBytes = 200;

  ObjectKey() = default;  // of no object
  static core::Result<ObjectKey> Parse(std::string_view text);

  const std::string& text() const { return text_; }

  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;

 private:
  explicit ObjectKey(std::string_view text) : text_(text) {}

  std::string text_;
};

// Whether keys can begin with `prefix`: its characters are a key's and none of its folders is
// wrong.
core::Status CheckPrefix(std::string_view prefix);

}  // namespace signalbox::store
