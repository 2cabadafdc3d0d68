// Reads HTTP/1.1 messages piece by piece, requests and answers alike: enough to find where a
// message ends and what its body is. It trusts its peer; it is a measuring tool, not a gateway.
//
// Owner:   one per connection, reset for each message.
// Errors:  bad() turns true and stays so until Reset.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::bench {

class MessageReader {
 public:
  enum class Kind { kRequest, kAnswer };

  explicit MessageReader(Kind kind) : kind_(kind) {}

  // Takes what it can from the front of `input` and returns the next piece of decoded body: a view
  // into what `input` held, possibly empty. Call until `input` is empty or the message is done.
  std::string_view Next(std::string_view& input);

  void Reset();

  bool done() const { return state_ == State::kDone; }
  bool bad() const { return state_ == State::kBad; }
  bool started() const { return state_ != State::kHead || !head_.empty(); }
  // An answer's status, once its head is complete.
  int status() const { return status_; }
  bool is_get() const { return is_get_; }
  // True when the peer closes the connection after this message.
  bool closes() const { return closes_ || state_ == State::kUntilClose; }

 private:
  enum class State { kHead, kFixed, kSize, kChunk, kChunkEnd, kTrailer, kUntilClose, kDone, kBad };

  void TakeHead(std::string_view& input);
  void ParseHead(std::string_view head);
  void ParseField(std::string_view line);
  void TakeSizeLine(std::string_view& input);
  void TakeTrailer(std::string_view& input);
  std::string_view TakeBody(std::string_view& input, State after);
  bool TakeLine(std::string_view& input);

  Kind kind_;
  State state_ = State::kHead;
  std::string head_;  // a head or a line that arrived in parts
  std::uint64_t left_ = 0;
  int status_ = 0;
  bool has_length_ = false;
  bool chunked_ = false;
  bool closes_ = false;
  bool is_get_ = false;
};

}  // namespace signalbox::bench
