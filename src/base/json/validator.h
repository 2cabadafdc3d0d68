// One pass over a text: checks it against RFC 8259 and writes the node index as it goes.
//
// Owner:   Document::Parse, one per text.
// Threads: one.
// Errors:  the first flaw; bytes outside ASCII are left to utf8.h, told by `has_high_bytes`.
// Cancel:  nothing to undo.
//
// No recursion and no stack: an open container keeps its parent's index in `next` until it closes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "base/json/flaw.h"
#include "base/json/scanner.h"

namespace signalbox::json {

template <typename B>
class Validator {
 public:
  // `nodes` grows as needed; its size is room, not content.
  Validator(std::string_view text, const Limits& limits, std::vector<Node>& nodes)
      : begin_(text.data()),
        end_(text.data() + text.size()),
        max_depth_(limits.max_depth),
        unique_keys_(limits.unique_keys),
        whole_text_(limits.whole_text),
        nodes_(nodes) {}

  // False when the text is flawed.
  bool Run();

  std::uint32_t count() const { return count_; }
  bool has_high_bytes() const { return high_ != 0; }
  const Flaw& flaw() const { return flaw_; }

 private:
  static constexpr std::uint32_t kNoParent = UINT32_MAX;

  // Each takes the position of what it reads and returns the position after it, or null at a flaw.
  // After Open of a container with something in it that is its first value.
  const char* Start(const char* p);
  const char* Value(const char* p);
  const char* Open(const char* p, Kind kind);
  const char* Literal(const char* p, std::string_view word, Kind kind);
  const char* Number(const char* p);
  const char* String(const char* p);
  const char* StringEnd(const char* p, Window window, bool* escaped);
  const char* Key(const char* p, Reason otherwise);
  // Closes containers and takes a comma: returns the next value's position; null also at the end.
  const char* AfterValue(const char* p);
  const char* Close(const char* p);

  char Peek(const char* p) const { return p != end_ ? *p : '\0'; }
  std::uint32_t Offset(const char* p) const { return static_cast<std::uint32_t>(p - begin_); }
  void Add(const char* begin, const char* end, Kind kind, bool escaped);
  void Grow();
  const char* Fail(const char* p, Reason reason);

  const char* begin_;
  const char* end_;
  std::uint32_t max_depth_;
  bool unique_keys_;
  bool whole_text_;
  std::uint32_t depth_ = 0;
  std::uint32_t open_ = kNoParent;  // the innermost open container
  std::uint32_t count_ = 0;
  std::uint64_t high_ = 0;
  bool in_object_ = false;
  std::vector<Node>& nodes_;
  Flaw flaw_;
};

extern template class Validator<Block>;
#if defined(__SSE2__)
extern template class Validator<SwarBlock>;
#endif

}  // namespace signalbox::json
