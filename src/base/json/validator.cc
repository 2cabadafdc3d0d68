#include "base/json/validator.h"

#include <algorithm>
#include <bit>

#include "base/json/escape.h"
#include "base/json/keys.h"
#include "base/json/number.h"

namespace signalbox::json {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kFirstNodes = 64;

}  // namespace

template <typename B>
bool Validator<B>::Run() {
  const char* p = Start(begin_);
  while (p != nullptr) {
    const std::uint32_t depth = depth_;
    p = Value(p);
    if (p != nullptr && depth_ == depth) {
      p = AfterValue(p);
    }
  }
  return flaw_.reason == Reason::kNone;
}

template <typename B>
const char* Validator<B>::Start(const char* p) {
  p = SkipSpace<B>(p, end_);
  if (p == end_) {
    return Fail(p, Reason::kEmpty);
  }
  if (std::string_view(begin_, end_).starts_with(kByteOrderMark)) {
    return Fail(begin_, Reason::kByteOrderMark);
  }
  return p;
}

template <typename B>
inline const char* Validator<B>::Value(const char* p) {
  switch (Peek(p)) {
    case '"':
      return String(p);
    case '{':
      return Open(p, Kind::kObject);
    case '[':
      return Open(p, Kind::kArray);
    case 't':
      return Literal(p, "true", Kind::kBool);
    case 'f':
      return Literal(p, "false", Kind::kBool);
    case 'n':
      return Literal(p, "null", Kind::kNull);
    case '-':
      return Number(p);
    default:
      return IsDigit(Peek(p)) ? Number(p) : Fail(p, Reason::kValue);
  }
}

template <typename B>
inline const char* Validator<B>::Open(const char* p, Kind kind) {
  if (depth_ == max_depth_) {
    return Fail(p, Reason::kTooDeep);
  }
  const std::uint32_t index = count_;
  Add(p, p, kind, false);
  nodes_[index].next = open_;
  open_ = index;
  in_object_ = kind == Kind::kObject;
  ++depth_;
  p = SkipSpace<B>(p + 1, end_);
  if (Peek(p) == (in_object_ ? '}' : ']')) {
    return Close(p);
  }
  return in_object_ ? Key(p, Reason::kKeyOrClose) : p;
}

template <typename B>
inline const char* Validator<B>::Key(const char* p, Reason otherwise) {
  if (Peek(p) != '"') {
    return Fail(p, otherwise);
  }
  p = String(p);
  if (p == nullptr) {
    return nullptr;
  }
  p = SkipSpace<B>(p, end_);
  return Peek(p) == ':' ? SkipSpace<B>(p + 1, end_) : Fail(p, Reason::kColon);
}

template <typename B>
inline const char* Validator<B>::AfterValue(const char* p) {
  while (p != nullptr) {
    p = SkipSpace<B>(p, end_);
    if (open_ == kNoParent) {
      return p == end_ || !whole_text_ ? nullptr : Fail(p, Reason::kTextAfterValue);
    }
    const char c = Peek(p);
    if (c == ',') {
      p = SkipSpace<B>(p + 1, end_);
      return in_object_ ? Key(p, Reason::kKey) : p;
    }
    if (c != (in_object_ ? '}' : ']')) {
      return Fail(p, in_object_ ? Reason::kCommaOrBrace : Reason::kCommaOrBracket);
    }
    p = Close(p);
  }
  return nullptr;
}

template <typename B>
inline const char* Validator<B>::Close(const char* p) {
  const std::uint32_t index = open_;
  Node& node = nodes_[index];
  open_ = node.next;
  node.end = Offset(p) + 1;
  node.next = count_;
  --depth_;
  if (in_object_ && unique_keys_) {
    const std::string_view text(begin_, end_);
    const std::uint32_t twice = FindDuplicateKey(text, nodes_.data(), index);
    if (twice != 0) {
      const Node& key = nodes_[twice];
      flaw_.key = text.substr(key.begin, key.end - key.begin);
      return Fail(begin_ + key.begin, Reason::kDuplicateKey);
    }
  }
  in_object_ = open_ != kNoParent && nodes_[open_].kind == Kind::kObject;
  return p + 1;
}

template <typename B>
inline const char* Validator<B>::Literal(const char* p, std::string_view word, Kind kind) {
  if (!std::string_view(p, end_).starts_with(word)) {
    return Fail(p, Reason::kValue);
  }
  Add(p, p + word.size(), kind, false);
  return p + word.size();
}

template <typename B>
inline const char* Validator<B>::Number(const char* p) {
  const NumberEnd number = ScanNumber(p, end_);
  if (number.flaw != Reason::kNone) {
    return Fail(number.at, number.flaw);
  }
  Add(p, number.at, Kind::kNumber, false);
  return number.at;
}

template <typename B>
inline const char* Validator<B>::String(const char* p) {
  const Window window = Look<B>(p + 1, end_);
  if (window.special != 0) {
    const char* const special = p + 1 + std::countr_zero(window.special);
    if (*special == '"') [[likely]] {
      high_ |= window.high;
      Add(p, special + 1, Kind::kString, false);
      return special + 1;
    }
  }
  bool escaped = false;
  const char* const end = StringEnd(p, window, &escaped);
  if (end != nullptr) {
    Add(p, end, Kind::kString, escaped);
  }
  return end;
}

// The string that starts at `p`, whose first bytes `window` shows: long, or with escapes.
template <typename B>
[[gnu::noinline]] const char* Validator<B>::StringEnd(const char* p, Window window, bool* escaped) {
  const char* q = p + 1;
  while (window.size != 0) {
    high_ |= window.high;
    unsigned next = window.size;
    while (window.special != 0) {
      const auto at = static_cast<unsigned>(std::countr_zero(window.special));
      if (q[at] == '"') {
        return q + at + 1;
      }
      const EscapeExtent escape = ScanEscape(q + at, end_);
      if (escape.flaw != Reason::kNone) {
        return Fail(q + at, escape.flaw);
      }
      *escaped = true;
      next = std::max(next, at + escape.size);
      // Of an escape's bytes only the second may be special as well; no load decides how far to go.
      window.special &= ~(std::uint64_t{3} << at);
    }
    q += next;
    window = LookFar<B>(&q, end_, &high_);
  }
  return Fail(p, Reason::kOpenString);
}

template <typename B>
inline void Validator<B>::Add(const char* begin, const char* end, Kind kind, bool escaped) {
  if (count_ == nodes_.size()) [[unlikely]] {
    Grow();
  }
  const std::uint32_t index = count_++;
  nodes_[index] = {Offset(begin), Offset(end), index + 1, kind, escaped, 0};
}

template <typename B>
[[gnu::noinline]] void Validator<B>::Grow() {
  nodes_.resize(std::max(kFirstNodes, nodes_.size() * 2));
}

template <typename B>
[[gnu::noinline, gnu::cold]] const char* Validator<B>::Fail(const char* p, Reason reason) {
  flaw_.reason = reason;
  flaw_.offset = Offset(p);
  return nullptr;
}

template class Validator<Block>;
#if defined(__SSE2__)
template class Validator<SwarBlock>;
#endif

}  // namespace signalbox::json
