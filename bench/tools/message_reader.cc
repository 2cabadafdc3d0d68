#include "message_reader.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace signalbox::bench {
namespace {

bool EqualsIgnoringCase(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

void MessageReader::Reset() {
  state_ = State::kHead;
  head_.clear();
  left_ = 0;
  status_ = 0;
  has_length_ = chunked_ = closes_ = is_get_ = false;
}

std::string_view MessageReader::Next(std::string_view& input) {
  switch (state_) {
    case State::kHead:
      TakeHead(input);
      return {};
    case State::kFixed:
      return TakeBody(input, State::kDone);
    case State::kChunk:
      return TakeBody(input, State::kChunkEnd);
    case State::kSize:
      TakeSizeLine(input);
      return {};
    case State::kChunkEnd:
      if (TakeLine(input)) {
        head_.clear();
        state_ = State::kSize;
      }
      return {};
    case State::kTrailer:
      TakeTrailer(input);
      return {};
    case State::kUntilClose: {
      std::string_view all = input;
      input = {};
      return all;
    }
    case State::kDone:
    case State::kBad:
      input = {};
      return {};
  }
  return {};
}

void MessageReader::TakeHead(std::string_view& input) {
  if (head_.empty()) {
    std::size_t end = input.find("\r\n\r\n");
    if (end != std::string_view::npos) {
      std::string_view head = input.substr(0, end + 2);
      input.remove_prefix(end + 4);
      return ParseHead(head);
    }
  }
  std::size_t before = head_.size();
  head_.append(input);
  std::size_t end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (end == std::string::npos) {
    input = {};
    return;
  }
  input.remove_prefix(end + 4 - before);
  head_.resize(end + 2);
  ParseHead(head_);
  head_.clear();
}

void MessageReader::ParseHead(std::string_view head) {
  std::size_t line_end = head.find("\r\n");
  std::string_view first = head.substr(0, line_end);
  head.remove_prefix(line_end + 2);
  if (kind_ == Kind::kAnswer) {
    if (first.size() < 12) return void(state_ = State::kBad);
    std::from_chars(first.data() + 9, first.data() + 12, status_);
  } else {
    is_get_ = first.starts_with("GET ");
  }
  while (!head.empty()) {
    line_end = head.find("\r\n");
    ParseField(head.substr(0, line_end));
    head.remove_prefix(line_end + 2);
  }
  if (chunked_) {
    state_ = State::kSize;
  } else if (has_length_) {
    state_ = left_ == 0 ? State::kDone : State::kFixed;
  } else {
    state_ = kind_ == Kind::kRequest ? State::kDone : State::kUntilClose;
  }
}

void MessageReader::ParseField(std::string_view line) {
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string_view name = line.substr(0, colon);
  if (name.size() == 14 && EqualsIgnoringCase(name, "content-length")) {
    std::string_view value = Trim(line.substr(colon + 1));
    std::from_chars(value.data(), value.data() + value.size(), left_);
    has_length_ = true;
  } else if (name.size() == 17 && EqualsIgnoringCase(name, "transfer-encoding")) {
    chunked_ = EqualsIgnoringCase(Trim(line.substr(colon + 1)), "chunked");
  } else if (name.size() == 10 && EqualsIgnoringCase(name, "connection")) {
    closes_ = EqualsIgnoringCase(Trim(line.substr(colon + 1)), "close");
  }
}

// Collects bytes up to a line's end in head_; true when the line is complete.
bool MessageReader::TakeLine(std::string_view& input) {
  std::size_t end = input.find('\n');
  if (end == std::string_view::npos) {
    head_.append(input);
    input = {};
    return false;
  }
  head_.append(input.substr(0, end));
  input.remove_prefix(end + 1);
  return true;
}

void MessageReader::TakeSizeLine(std::string_view& input) {
  if (!TakeLine(input)) return;
  left_ = 0;
  auto [end, error] = std::from_chars(head_.data(), head_.data() + head_.size(), left_, 16);
  head_.clear();
  if (error != std::errc{}) {
    state_ = State::kBad;
  } else {
    state_ = left_ == 0 ? State::kTrailer : State::kChunk;
  }
}

void MessageReader::TakeTrailer(std::string_view& input) {
  if (!TakeLine(input)) return;
  if (Trim(head_).empty()) state_ = State::kDone;
  head_.clear();
}

std::string_view MessageReader::TakeBody(std::string_view& input, State after) {
  std::string_view piece = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
  input.remove_prefix(piece.size());
  left_ -= piece.size();
  if (left_ == 0) state_ = after;
  return piece;
}

}  // namespace signalbox::bench
