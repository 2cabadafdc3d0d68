#include <algorithm>

#include "base/json/document.h"
#include "base/json/number.h"
#include "base/json/unescape.h"

namespace signalbox::json {
namespace {

std::string_view Slice(std::string_view text, const Node& node) {
  return {text.data() + node.begin, node.end - node.begin};
}

// A string without its quotes.
std::string_view Inside(std::string_view text, const Node& node) {
  return {text.data() + node.begin + 1, node.end - node.begin - 2};
}

bool KeyIs(std::string_view text, const Node& node, std::string_view key) {
  if (!node.escaped) {
    return Inside(text, node) == key;
  }
  std::string unescaped;
  AppendUnescaped(unescaped, Inside(text, node));
  return unescaped == key;
}

}  // namespace

Kind Value::kind() const {
  return document_->nodes_[index_].kind;
}

std::string_view Value::Raw() const {
  return Slice(document_->text_, document_->nodes_[index_]);
}

std::size_t Value::offset() const {
  return document_->nodes_[index_].begin;
}

std::optional<Value> Value::Find(std::string_view key) const {
  const Node* const nodes = document_->nodes_.data();
  if (nodes[index_].kind != Kind::kObject) {
    return std::nullopt;
  }
  const std::uint32_t end = nodes[index_].next;
  for (std::uint32_t at = index_ + 1; at < end; at = nodes[at + 1].next) {
    if (KeyIs(document_->text_, nodes[at], key)) {
      return Value(*document_, at + 1);
    }
  }
  return std::nullopt;
}

std::optional<Value> Value::FirstChild() const {
  const Node& node = document_->nodes_[index_];
  const bool container = node.kind == Kind::kArray || node.kind == Kind::kObject;
  return container && index_ + 1 < node.next ? std::optional(Value(*document_, index_ + 1))
                                             : std::nullopt;
}

std::optional<Value> Value::NextIn(const Value& container) const {
  const std::uint32_t next = document_->nodes_[index_].next;
  return next < document_->nodes_[container.index_].next ? std::optional(Value(*document_, next))
                                                         : std::nullopt;
}

std::size_t Value::CountChildren() const {
  std::size_t count = 0;
  for (auto child = FirstChild(); child; child = child->NextIn(*this)) {
    ++count;
  }
  return IsObject() ? count / 2 : count;
}

std::optional<bool> Value::AsBool() const {
  return kind() == Kind::kBool ? std::optional(Raw().front() == 't') : std::nullopt;
}

std::optional<std::int64_t> Value::AsInt() const {
  return IsNumber() ? ToInt(Raw()) : std::nullopt;
}

std::optional<double> Value::AsDouble() const {
  return IsNumber() ? ToDouble(Raw()) : std::nullopt;
}

std::optional<std::string_view> Value::AsText(std::string& scratch) const {
  const Node& node = document_->nodes_[index_];
  if (node.kind != Kind::kString) {
    return std::nullopt;
  }
  const std::string_view inside = Inside(document_->text_, node);
  if (!node.escaped) {
    return inside;
  }
  scratch.clear();
  scratch.reserve(inside.size());
  AppendUnescaped(scratch, inside);
  return scratch;
}

std::optional<std::string> Value::AsString() const {
  std::string text;
  const auto view = AsText(text);
  if (!view) {
    return std::nullopt;
  }
  return view->data() == text.data() ? std::move(text) : std::string(*view);
}

}  // namespace signalbox::json
