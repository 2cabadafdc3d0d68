// The bytes the mock upstream answers with, in the shape of OpenAI's Chat Completions or of
// Anthropic's Messages. All built before the first request; only a frame's clock stamp changes
// while serving.
//
// A content frame of OpenAI's carries `"system_fingerprint":"fp_<16 hex>"`, the monotonic
// nanosecond at which it was sent, so that the load generator knows how long it travelled and
// whether frames were lost, doubled or reordered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clock.h"

namespace signalbox::bench {

enum class Dialect { kOpenAi, kAnthropic };

class Answers {
 public:
  // `answer_bytes` is the size of the plain JSON body; the smallest possible is used when less.
  Answers(Dialect dialect, std::size_t answer_bytes);

  std::string_view plain() const { return plain_; }
  std::string_view models() const { return models_; }
  std::string_view stream_head() const { return stream_head_; }

  // One content frame in its HTTP chunk, stamped; valid until the next call.
  std::string_view Frame(Nanos stamp);

  // The finish frame, the usage frame if asked for, `[DONE]` and the last chunk; valid until the
  // next call.
  std::string_view StreamEnd(std::int64_t tokens, bool with_usage);

 private:
  Dialect dialect_;
  std::string plain_;
  std::string models_;
  std::string stream_head_;
  std::string frame_;
  std::string end_;
  std::size_t stamp_at_ = 0;
};

}  // namespace signalbox::bench
