// The event that its lines add up to. A part of sse.h's implementation.
//
// Owner:   the reading of one event; views are into the lines taken, and into `joined`.
// Threads: none of its own.
// Errors:  none: a line that says nothing is passed over.
// Cancel:  nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "io/net/sse.h"

namespace signalbox::net {

class SseAssembly {
 public:
  explicit SseAssembly(std::string& joined) : joined_(joined) {}

  // One line that is neither empty nor a comment.
  void Take(std::string_view line) {
    bytes_ += line.size() + 1;
    if (line.starts_with("data")) {
      if (std::string_view value; Value(line, 4, value)) AddData(value);
    } else if (line.starts_with("event")) {
      Value(line, 5, event_.type);
    } else if (line.starts_with("id")) {
      std::string_view id;
      if (Value(line, 2, id) && id.find('\0') == std::string_view::npos) event_.id = id;
    }
  }

  // Without data there is no event, whatever else was said.
  bool HasEvent() const { return data_lines_ > 0; }
  std::size_t bytes() const { return bytes_; }
  SseEvent event() const {
    SseEvent event = event_;
    if (data_lines_ > 1) event.data = joined_;
    return event;
  }

 private:
  // False when the field's name goes on after `name_size` bytes.
  static bool Value(std::string_view line, std::size_t name_size, std::string_view& value) {
    if (line.size() == name_size) {
      value = {};
      return true;
    }
    if (line[name_size] != ':') return false;
    value = line.substr(name_size + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return true;
  }

  void AddData(std::string_view value) {
    if (++data_lines_ == 1) {
      event_.data = value;
      return;
    }
    if (data_lines_ == 2) joined_.assign(event_.data);
    joined_ += '\n';
    joined_ += value;
  }

  std::string& joined_;
  SseEvent event_;
  std::size_t data_lines_ = 0;
  std::size_t bytes_ = 0;  // of its lines, counting one byte for each line end
};

}  // namespace signalbox::net
