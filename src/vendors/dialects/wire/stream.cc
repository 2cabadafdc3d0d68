#include "vendors/dialects/wire/stream.h"

namespace signalbox::wire {

core::Result<bool> SseParser::Next(chat::EventBatch& out) {
  net::SseEvent event;
  if (!reader_.Next(event)) {
    return false;
  }
  SB_CHECK_OK(Parse(event.type, event.data, out));
  return true;
}

core::Status SseParser::End(chat::EventBatch& out) {
  net::SseEvent event;
  if (reader_.Finish(event)) {
    SB_CHECK_OK(Parse(event.type, event.data, out));
  }
  return Close(out);
}

core::Result<bool> LineParser::Next(chat::EventBatch& out) {
  const std::size_t end = input_.find('\n');
  if (end == std::string_view::npos) {
    if (held_.size() + input_.size() > kLongestLine) {
      return core::Fail(core::ErrorCode::kUpstreamProtocol, "a line of the stream is too long");
    }
    held_ += input_;
    input_ = {};
    return false;
  }
  std::string_view line = input_.substr(0, end);
  input_.remove_prefix(end + 1);
  std::string whole;
  if (!held_.empty()) {
    whole = std::move(held_);
    held_.clear();
    whole += line;
    line = whole;
  }
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (!line.empty()) {
    SB_CHECK_OK(ParseLine(line, out));
  }
  return true;
}

core::Status LineParser::End(chat::EventBatch& out) {
  if (!held_.empty()) {
    const std::string line = std::move(held_);
    held_.clear();
    SB_CHECK_OK(ParseLine(line, out));
  }
  return Close(out);
}

}  // namespace signalbox::wire
