// Any bytes as an answer head: pieces and whole agree, what is accepted is well-formed, and written
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

std::string Write(const AnswerHead& head) {
  std::string text = head.minor_version == 0 ? "HTTP/1.0 " : "HTTP/1.1 ";
  text += std::to_string(head.status) + "\r\n";
  for (const Field& field : head.fields.all()) {
    text.append(field.name).append(":").append(field.value).append("\r\n");
  }
  return text + "\r\n";
}

void RequireEqual(const AnswerHead& a, const AnswerHead& b) {
  Require(a.status == b.status && a.minor_version == b.minor_version);
  Require(a.keep_alive == b.keep_alive && a.body == b.body);
  Require(a.content_length == b.content_length && a.fields.size() == b.fields.size());
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    Require(a.fields.all()[i].name == b.fields.all()[i].name);
    Require(a.fields.all()[i].value == b.fields.all()[i].value);
  }
}

void RequireSound(const AnswerHead& head, const HeadResult& result, std::string_view text) {
  Require(result.consumed <= text.size() && result.consumed <= kLimits.head_bytes);
  Require(head.status >= 100 && head.status <= 599 && head.status != 101);
  Require((head.body == BodyKind::kLength) == (head.content_length != 0));
  Require(head.body != BodyKind::kUntilClose || !head.keep_alive);
  Require(head.status >= 200 || head.body == BodyKind::kNone);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool answers_head = (data[0] & 1) != 0;  // the first byte asks, the rest answers
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  AnswerHead whole;
  std::size_t scanned = 0;
  const HeadResult result = ParseAnswerHead(text, kLimits, scanned, answers_head, whole);

  HeadResult last;
  std::size_t note = 0;
  for (std::size_t end = 0; end <= text.size() && last.state == HeadState::kIncomplete; ++end) {
    AnswerHead head;
    last = ParseAnswerHead(text.substr(0, end), kLimits, note, answers_head, head);
    if (last.state == HeadState::kComplete) RequireEqual(head, whole);
  }
  Require(last.state == result.state && last.consumed == result.consumed);
  Require(last.rejection.reason == result.rejection.reason);
  Require(result.state != HeadState::kRejected || result.rejection.status == 502);
  if (result.state != HeadState::kComplete) return 0;

  RequireSound(whole, result, text);
  const std::string again = Write(whole);
  AnswerHead copy;
  scanned = 0;
  Require(ParseAnswerHead(again, kLimits, scanned, answers_head, copy).consumed <= again.size());
  RequireEqual(whole, copy);
  return 0;
}
