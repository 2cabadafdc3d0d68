// Heads of requests for tests: each is looked at whole and at every length. Test support.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "io/net/http_head.h"

namespace signalbox::net {

struct Look {
  HeadResult result;
  RequestHead head;
  std::vector<char> bytes;  // exactly as long as the text, so that a sanitizer sees over-reads
};

inline Look ParseWhole(std::string_view text, const HeadLimits& limits = {}) {
  Look look;
  look.bytes.assign(text.begin(), text.end());
  std::size_t scanned = 0;
  look.result =
      ParseRequestHead({look.bytes.data(), look.bytes.size()}, limits, scanned, look.head);
  return look;
}

// 0 for a complete head, -1 for an incomplete one, else the status of the rejection.
inline int Verdict(const HeadResult& result) {
  if (result.state == HeadState::kComplete) return 0;
  return result.state == HeadState::kIncomplete ? -1 : result.rejection.status;
}

// Feeds longer and longer prefixes under one note, as a connection does. A verdict, once given,
// must be the same as that of a fresh look at the same prefix and of the whole.
inline void ExpectSameAtEverySplit(std::string_view text, const HeadLimits& limits = {}) {
  const Look whole = ParseWhole(text, limits);
  const std::size_t step = text.size() > 2048 ? 97 : 1;
  std::size_t scanned = 0;
  for (std::size_t size = 0; size <= text.size(); size += std::min(step, text.size() - size + 1)) {
    const std::vector<char> bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    RequestHead head;
    const HeadResult got = ParseRequestHead({bytes.data(), size}, limits, scanned, head);
    const Look fresh = ParseWhole(text.substr(0, size), limits);
    ASSERT_EQ(Verdict(got), Verdict(fresh.result)) << "after " << size << " bytes";
    if (got.state == HeadState::kIncomplete) continue;
    ASSERT_EQ(Verdict(got), Verdict(whole.result)) << "after " << size << " bytes";
    ASSERT_EQ(got.rejection.reason, whole.result.rejection.reason) << "after " << size << " bytes";
    ASSERT_EQ(got.consumed, whole.result.consumed);
    return;
  }
  ASSERT_EQ(whole.result.state, HeadState::kIncomplete);
}

struct Case {
  const char* name;
  std::string text;
  int verdict;  // as of Verdict()
};

inline void Check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Look look = ParseWhole(each.text);
    EXPECT_EQ(Verdict(look.result), each.verdict) << look.result.rejection.reason;
    EXPECT_EQ(look.result.rejection.reason.empty(), each.verdict <= 0);
    ExpectSameAtEverySplit(each.text);
  }
}

inline std::string WithLine(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}

inline std::string WithFields(const std::string& fields) {
  return "POST /v1/x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

inline std::string WithHost(const std::string& host) {
  return "GET / HTTP/1.1\r\nHost:" + host + "\r\n\r\n";
}

}  // namespace signalbox::net
