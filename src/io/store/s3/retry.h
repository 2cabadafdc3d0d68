// Whether and when a request is sent again: pure.
//
// Errors: none. A failure that cannot pass by itself is not retried.
// Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace signalbox::s3 {

struct RetryPolicy {
  int tries = 5;
  std::chrono::milliseconds first{100};  // the upper bound of the first wait; it doubles
  std::chrono::milliseconds longest{10'000};
};

// Whether a request that was answered so may be answered otherwise in a while.
bool MayPass(int status, std::string_view error_code);

// How long to wait before try number `tries_made` + 1; nothing: give up. `retry_after` is what the
// service asked for, 0 when nothing. `draw` is from [0, 1).
std::optional<std::chrono::milliseconds> NextTry(const RetryPolicy& policy, int tries_made,
                                                 std::chrono::seconds retry_after, double draw);

}  // namespace signalbox::s3
