// Any bytes as a request head: pieces and whole agree, what is accepted is well-formed, and written
// again it is read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/net/http_head.h"

namespace {

using namespace signalbox::net;  // NOLINT: a fuzz target is one file

constexpr HeadLimits kLimits{.target_bytes = 64, .head_bytes = 512, .fields = 12};

void Require(bool holds) {
  if (!holds) std::abort();
}

std::string Write(const RequestHead& head) {
  std::string text(Name(head.method));
  text += ' ';
  if (head.target.starts_with('?')) text.append("http://").append(head.host);
  text += head.target;
  text += head.minor_version == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  for (const Field& field : head.fields.all()) {
    text.append(field.name).append(":").append(field.value).append("\r\n");
  }
  return text + "\r\n";
}

void RequireEqual(const RequestHead& a, const RequestHead& b) {
  Require(a.method == b.method && a.target == b.target && a.path == b.path && a.query == b.query);
  Require(a.host == b.host && a.minor_version == b.minor_version && a.keep_alive == b.keep_alive);
  Require(a.expect_continue == b.expect_continue && a.body == b.body);
  Require(a.content_length == b.content_length && a.fields.size() == b.fields.size());
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    Require(a.fields.all()[i].name == b.fields.all()[i].name);
    Require(a.fields.all()[i].value == b.fields.all()[i].value);
  }
}

void RequireSound(const RequestHead& head, const HeadResult& result, std::string_view text) {
  Require(result.consumed <= text.size() && result.consumed <= kLimits.head_bytes);
  Require(text.substr(0, result.consumed).ends_with("\r\n"));
  Require(head.path.starts_with('/') && head.target.size() <= kLimits.target_bytes);
  Require(head.target.starts_with(head.path) || (head.path == "/" && head.target[0] == '?'));
  Require(head.fields.size() <= kLimits.fields);
  Require((head.body == BodyKind::kLength) == (head.content_length != 0));
  Require(head.minor_version == 0 || IsHost(head.host));
  for (const Field& field : head.fields.all()) {
    Require(!field.name.empty());
    Require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RequestHead whole;
  std::size_t scanned = 0;
  const HeadResult result = ParseRequestHead(text, kLimits, scanned, whole);

  HeadResult last;
  std::size_t note = 0;
  for (std::size_t end = 0; end <= size && last.state == HeadState::kIncomplete; ++end) {
    RequestHead head;
    last = ParseRequestHead(text.substr(0, end), kLimits, note, head);
    if (last.state == HeadState::kComplete) RequireEqual(head, whole);
  }
  Require(last.state == result.state && last.consumed == result.consumed);
  Require(last.rejection.status == result.rejection.status);
  Require(last.rejection.reason == result.rejection.reason);
  if (result.state != HeadState::kComplete) return 0;

  RequireSound(whole, result, text);
  const std::string again = Write(whole);
  RequestHead copy;
  scanned = 0;
  Require(ParseRequestHead(again, kLimits, scanned, copy).consumed == again.size());
  RequireEqual(whole, copy);
  return 0;
}
