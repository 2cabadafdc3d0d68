// The head of an HTTP/1.1 message, parsed strictly and in place (RFC 9112, RFC 9110).
//
// Owner:   the connection; every view is into its read buffer and is valid until that is consumed.
// Threads: none of its own.
// Errors:  a Rejection: the status that answers it and a sentence. After one the connection closes.
// Cancel:  nothing to undo.
//
// What others let through and this refuses is listed in docs/http.md; each line is a test.
// Budget: 0.4 µs for a request of ten fields.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace signalbox::net {

struct HeadLimits {
  std::uint32_t target_bytes = 8 * 1024;
  std::uint32_t head_bytes = 32 * 1024;  // request or status line and all fields together
  std::uint32_t fields = 100;            // at most kMaxFields
};

inline constexpr std::size_t kMaxFields = 128;

struct Field {
  std::string_view name;   // as written
  std::string_view value;  // without surrounding white space
};

// The fields of a head, in order of arrival. The storage is left as it is by the constructor: 4 KiB
// need not be cleared for each request.
class Fields {
 public:
  Fields() {}  // NOLINT: not defaulted, because the storage must stay uninitialised
  std::span<const Field> all() const { return {fields_, size_}; }
  // The first field of that name (any case), or nullptr.
  const Field* Find(std::string_view name) const;
  std::string_view Get(std::string_view name) const;  // empty when absent
  std::size_t size() const { return size_; }
  void Clear() { size_ = 0; }
  bool Add(Field field);  // false when full

 private:
  union {
    Field fields_[kMaxFields];
  };
  std::size_t size_ = 0;
};

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };
std::string_view Name(Method method);

enum class BodyKind : std::uint8_t { kNone, kLength, kChunked, kUntilClose /* answers only */ };

struct RequestHead {
  Method method = Method::kGet;
  std::string_view target;  // origin form; starts with '?' if an absolute form has only a query
  std::string_view path;    // target up to '?'; starts with '/'
  std::string_view query;   // after '?', may be empty
  std::string_view host;    // the Host field: host[:port], syntax checked
  std::uint8_t minor_version = 1;
  bool keep_alive = true;
  bool expect_continue = false;
  BodyKind body = BodyKind::kNone;
  std::uint64_t content_length = 0;  // kLength only, never 0: an empty body is kNone
  Fields fields;
};

struct AnswerHead {
  int status = 0;
  std::uint8_t minor_version = 1;
  bool keep_alive = true;
  BodyKind body = BodyKind::kNone;
  std::uint64_t content_length = 0;  // kLength only, never 0
  Fields fields;
};

struct Rejection {
  int status = 400;         // 400, 405 …; for answers always 502
  std::string_view reason;  // a static sentence
};

enum class HeadState : std::uint8_t { kIncomplete, kComplete, kRejected };

struct HeadResult {
  HeadState state = HeadState::kIncomplete;
  std::size_t consumed = 0;  // bytes of the head with its empty line, when complete
  Rejection rejection;       // when rejected
};

// Parses a head from the start of `bytes`. `scanned` is a note between one incomplete look and the
// next over the same, longer bytes (start each head with 0; back at 0 when it is complete or
// rejected), so that a head that drips in is not read again and again. `out` holds something only
// when the head is complete.
HeadResult ParseRequestHead(std::string_view bytes, const HeadLimits& limits, std::size_t& scanned,
                            RequestHead& out);

// `answers_head`: the request was HEAD, so that no body follows. 1xx answers come out as they are
// (body kNone); the caller skips them and counts them. 101 is rejected.
HeadResult ParseAnswerHead(std::string_view bytes, const HeadLimits& limits, std::size_t& scanned,
                           bool answers_head, AnswerHead& out);

// True for host[:port] as a Host field may have it: a name of letters, digits and "-._~" of at most
// 255 bytes, an IPv4 address or an IPv6 address in brackets; a port of at most 65535, or empty.
bool IsHost(std::string_view host);

// ASCII case-insensitive equality, and membership in a comma-separated list field.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
bool ListContains(std::string_view list, std::string_view token);

}  // namespace signalbox::net
