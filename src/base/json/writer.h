// Writes JSON text into a string: commas and escapes are its business, the shape is the caller's.
//
//   json::Writer w(out);
//   w.BeginObject().Key("model").String(model).Key("n").Int(2).EndObject();
//
// Owner: the caller, like the string it appends to. Threads: one. Errors: none; a value without a
// key inside an object is a broken invariant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& BeginObject();
  Writer& EndObject();
  Writer& BeginArray();
  Writer& EndArray();
  Writer& Key(std::string_view key);
  Writer& String(std::string_view text);  // UTF-8; escaped as RFC 8259 wants, bytes over 0x7f kept
  Writer& Int(std::int64_t value);
  Writer& Uint(std::uint64_t value);
  Writer& Double(double value);  // shortest form that reads back equal; not finite: null
  Writer& Bool(bool value);
  Writer& Null();
  Writer& Raw(std::string_view json);  // a complete JSON value, as it is

 private:
  void Separate();

  std::string& out_;
  bool need_comma_ = false;
};

// Appends `text` to `out` as a JSON string with its quotes.
void AppendQuoted(std::string& out, std::string_view text);

}  // namespace signalbox::json
