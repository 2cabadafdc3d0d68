#include "io/net/sse.h"

#include "io/net/byte_class.h"
#include "io/net/sse_assembly.h"

namespace signalbox::net {
namespace {

constexpr std::string_view kBom = "\xef\xbb\xbf";
constexpr std::size_t kRoomToKeep = 16 * 1024;

}  // namespace

void SseReader::Feed(std::string_view bytes) {
  if (delivered_) Drop();
  input_ = bytes;
  raw_ = {};
}

// Forgets what is held, and gives a large room back.
void SseReader::Drop() {
  delivered_ = false;
  held_.clear();
  if (held_.capacity() > kRoomToKeep) std::string().swap(held_);
  if (joined_.capacity() > kRoomToKeep) std::string().swap(joined_);
}

bool SseReader::Next(SseEvent& out) {
  if (delivered_) Drop();
  raw_ = {};
  if (!started_) SkipBom();
  while (true) {
    if (after_cr_ && !input_.empty()) {
      after_cr_ = false;
      if (input_.front() == '\n') input_.remove_prefix(1);
    }
    if (input_.empty()) return false;
    if (holding_ ? NextHeld(out) : NextWhole(out)) return true;
  }
}

bool SseReader::Finish(SseEvent& out) {
  if (!holding_ || skipping_ || !input_.empty()) return false;
  if (in_line_ && !in_comment_) held_ += '\n';
  return TakeHeld(out);
}

// A BOM may come in three pieces. What only begins like one is the start of the first line.
void SseReader::SkipBom() {
  while (!input_.empty() && bom_bytes_ < kBom.size() && input_.front() == kBom[bom_bytes_]) {
    input_.remove_prefix(1);
    ++bom_bytes_;
  }
  if (bom_bytes_ == kBom.size()) {
    started_ = true;
    holding_ = false;
  } else if (!input_.empty()) {
    started_ = true;
    if (bom_bytes_ > 0) Hold(kBom.substr(0, bom_bytes_));
  } else {
    holding_ = bom_bytes_ > 0;
  }
}

// Moves input_ past the line end at `at`.
void SseReader::PassLineEnd(std::size_t at) {
  std::size_t next = at + 1;
  if (input_[at] == '\r') {
    if (next == input_.size()) {
      after_cr_ = true;
    } else if (input_[next] == '\n') {
      ++next;
    }
  }
  input_.remove_prefix(next);
}

// Reads an event that begins at the start of input_, in place. When its end is not there, input_
// is put back to its start and the rest of the work is NextHeld's.
bool SseReader::NextWhole(SseEvent& out) {
  const std::string_view begin = input_;
  SseAssembly assembly(joined_);
  while (true) {
    const char* const line_end = FindLineEnd(input_.data(), input_.data() + input_.size());
    const std::string_view line(input_.data(), line_end);
    if (line.size() == input_.size()) {
      input_ = begin;
      after_cr_ = false;
      holding_ = true;
      return false;
    }
    PassLineEnd(line.size());
    if (line.empty()) break;
    if (line.front() != ':') assembly.Take(line);
  }
  if (assembly.bytes() > limit_) {
    ++oversized_;
    return false;
  }
  if (!assembly.HasEvent()) return false;
  out = assembly.event();
  raw_ = begin.substr(0, begin.size() - input_.size());
  return true;
}

// Keeps a part of the current line, unless it is of a comment or of an event over the limit.
void SseReader::Hold(std::string_view part) {
  holding_ = true;
  if (part.empty()) return;
  if (!in_line_) in_comment_ = part.front() == ':';
  in_line_ = true;
  if (in_comment_ || skipping_) return;
  if (part.size() >= limit_ || held_.size() >= limit_ - part.size()) {
    skipping_ = true;
    ++oversized_;
    Drop();
    return;
  }
  held_ += part;
}

// Goes on with an event that began in bytes that are gone, to its end or to the end of input_.
bool SseReader::NextHeld(SseEvent& out) {
  while (!input_.empty()) {
    const char* const line_end = FindLineEnd(input_.data(), input_.data() + input_.size());
    const auto size = static_cast<std::size_t>(line_end - input_.data());
    Hold(input_.substr(0, size));
    if (size == input_.size()) {
      input_ = {};
      return false;
    }
    PassLineEnd(size);
    if (!in_line_) return TakeHeld(out);
    if (!in_comment_ && !skipping_) held_ += '\n';
    in_line_ = in_comment_ = false;
  }
  holding_ = skipping_ || !held_.empty();  // after a comment alone, nothing of an event has come
  return false;
}

// The end of what is held.
bool SseReader::TakeHeld(SseEvent& out) {
  holding_ = in_line_ = in_comment_ = skipping_ = false;
  SseAssembly assembly(joined_);
  for (std::string_view rest = held_; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    assembly.Take(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  if (!assembly.HasEvent()) {
    held_.clear();
    return false;
  }
  delivered_ = true;
  out = assembly.event();
  return true;
}

void AppendSseEvent(std::string& out, std::string_view type, std::string_view data) {
  if (!type.empty()) {
    out += "event: ";
    out += type;
    out += '\n';
  }
  while (true) {
    const char* const line_end = FindLineEnd(data.data(), data.data() + data.size());
    const auto size = static_cast<std::size_t>(line_end - data.data());
    out += "data: ";
    out += data.substr(0, size);
    out += '\n';
    if (size == data.size()) break;
    const bool crlf = data.substr(size).starts_with("\r\n");
    data.remove_prefix(size + (crlf ? 2 : 1));
  }
  out += '\n';
}

}  // namespace signalbox::net
