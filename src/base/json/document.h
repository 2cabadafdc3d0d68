// A JSON text, validated whole and indexed in place: one pass, no recursion, 16 bytes per value.
//
// Owner:   the caller; a Document is reused from request to request and keeps its memory.
// Threads: none of its own; one thread at a time.
// Errors:  kInvalidRequest with line, column and reason: not RFC 8259, not UTF-8, nested too deep,
//          a key twice in one object (compared unescaped), text after the value. The reason quotes
//          nothing of the text but the name of a key that stands twice.
// Cancel:  nothing to undo.
//
// The index holds positions in the text, so that whoever decides on a value and whoever forwards it
// read the same bytes: numbers, escapes and white space stay as they were written. Everything that
// a Document or a Value returns as a view is valid until the text goes or the next Parse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"

namespace signalbox::json {

enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

struct Limits {
  std::uint32_t max_depth = 128;  // containers inside each other
  bool unique_keys = true;        // false: a key that stands twice is no error, the first counts
  bool whole_text = true;         // false: what follows the value is not looked at
};

// One value or key, in document order. A container's children follow it directly; `next` is the
// index of the node after the whole subtree. An object's children alternate key, value.
struct Node {
  std::uint32_t begin = 0;  // offset of the first byte (the opening quote of a string)
  std::uint32_t end = 0;    // offset after the last byte
  std::uint32_t next = 0;
  Kind kind = Kind::kNull;
  bool escaped = false;  // a string that holds at least one backslash
  std::uint16_t unused = 0;
};
static_assert(sizeof(Node) == 16);

class Document;

// A view of one value.
class Value {
 public:
  Value(const Document& document, std::uint32_t index) : document_(&document), index_(index) {}

  Kind kind() const;
  bool IsObject() const { return kind() == Kind::kObject; }
  bool IsArray() const { return kind() == Kind::kArray; }
  bool IsString() const { return kind() == Kind::kString; }
  bool IsNumber() const { return kind() == Kind::kNumber; }
  bool IsNull() const { return kind() == Kind::kNull; }

  // The bytes as written, quotes included; and where they start in the text.
  std::string_view Raw() const;
  std::size_t offset() const;

  // Members of an object; nullopt when absent or when this is no object.
  std::optional<Value> Find(std::string_view key) const;

  // The children of an array or object, in order:
  //   for (auto v = x.FirstChild(); v; v = v->NextIn(x)).
  // In an object a key comes first and its value is key->NextIn(x).
  std::optional<Value> FirstChild() const;
  std::optional<Value> NextIn(const Value& container) const;
  std::size_t CountChildren() const;  // elements of an array, members of an object

  // nullopt when the value is of another kind (or, for integers, is written with a fraction or an
  // exponent or is out of range; for doubles, is too large for one).
  std::optional<bool> AsBool() const;
  std::optional<std::int64_t> AsInt() const;
  std::optional<double> AsDouble() const;
  // Unescaped text. The view is into the document where nothing was escaped, else into `scratch`.
  // A lone surrogate becomes U+FFFD.
  std::optional<std::string_view> AsText(std::string& scratch) const;
  std::optional<std::string> AsString() const;

 private:
  const Document* document_;
  std::uint32_t index_;
};

class Document {
 public:
  // `text` under 4 GiB (kPayloadTooLarge); it must stay as it is while the document is used. After
  // an error the document is the value null.
  core::Status Parse(std::string_view text, const Limits& limits = {});

  Value Root() const { return {*this, 0}; }
  std::string_view text() const { return text_; }

  // Forgets the text, and gives the index's memory back when it is over `keep_bytes`.
  void Shrink(std::size_t keep_bytes);

 private:
  friend class Value;

  void Forget();

  std::string_view text_;
  std::vector<Node> nodes_ = std::vector<Node>(1);  // its size is room, a null before any Parse
};

// Calls visit(key, value) for each member of `object` in order; visit returns void.
template <typename Visit>
void ForEachMember(const Value& object, Visit visit) {
  for (auto key = object.FirstChild(); key;) {
    const auto value = key->NextIn(object);
    visit(*key, *value);
    key = value->NextIn(object);
  }
}

// Calls visit(value) for each element of `array` in order.
template <typename Visit>
void ForEachElement(const Value& array, Visit visit) {
  for (auto element = array.FirstChild(); element; element = element->NextIn(array)) {
    visit(*element);
  }
}

}  // namespace signalbox::json
