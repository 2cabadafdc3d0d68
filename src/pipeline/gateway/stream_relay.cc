#include "pipeline/gateway/stream_relay.h"

#include "io/net/sse_event_end.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::gateway {

StreamRelay::StreamRelay(const wire::Dialect& dialect, bool pass_usage)
    : dialect_(dialect),
      parser_(&dialect == &openai_chat::TheDialect() || &dialect == &openai_chat::Completions()
                  ? nullptr
                  : dialect.NewStreamParser()),
      pass_usage_(pass_usage) {}

std::size_t StreamRelay::EventEnd(std::string_view bytes, std::size_t scanned) const {
  if (dialect_.framing() == wire::Framing::kSse) {
    return net::SseEventEnd(bytes, scanned);
  }
  const std::size_t end = bytes.find('\n', scanned);
  return end == bytes.npos ? 0 : end + 1;
}

void StreamRelay::Take(std::string_view bytes, std::vector<std::string_view>& out) {
  std::string_view input = bytes;
  if (!held_.empty()) {
    held_ += bytes;
    current_.swap(held_);
    held_.clear();
    input = current_;
  }
  std::size_t sent = 0;  // of input
  std::size_t at = 0;
  while (at < input.size()) {
    const std::size_t length = EventEnd(input.substr(at), at == 0 ? scanned_ : 0);
    if (length == 0) {
      break;
    }
    scanned_ = 0;
    const bool pass = passing_ || Look(input.substr(at, length));
    passing_ = false;
    if (!pass) {
      if (at != sent) {
        out.push_back(input.substr(sent, at - sent));
      }
      sent = at + length;
    }
    at += length;
  }
  const std::string_view rest = input.substr(at);
  if (passing_ || rest.size() > kHeldBytes) {
    // The last bytes stay, so that an end that is cut in two is still found.
    passing_ = true;
    const std::size_t keep = std::min<std::size_t>(rest.size(), 3);
    at += rest.size() - keep;
  }
  if (at != sent) {
    out.push_back(input.substr(sent, at - sent));
  }
  held_.assign(input.substr(at));
  scanned_ = held_.size() < 3 ? 0 : held_.size() - 3;
}

void StreamRelay::Finish(std::vector<std::string_view>& out) {
  if (passing_ || !held_.empty()) {
    Take(dialect_.framing() == wire::Framing::kSse ? "\n\n" : "\n", out);
  }
  if (parser_ != nullptr && !done_) {
    events_.clear();
    if (parser_->End(events_)) {
      Note(dialect_, events_);
    }
  }
}

void StreamRelay::Break(const wire::ErrorAnswer& error, std::string& out) {
  if (passing_) {
    out += dialect_.framing() == wire::Framing::kSse ? "\n\n" : "\n";  // what broke off
  }
  dialect_.NewStreamRenderer(true, {.framing = dialect_.framing()})->RenderError(error, out);
}

std::string_view StreamRelay::Comment() const {
  return dialect_.framing() == wire::Framing::kSse ? ":\n\n" : "";
}

// Reads one event; tells whether it goes on to the client.
bool StreamRelay::Look(std::string_view event) {
  if (parser_ == nullptr) {
    return LookAtChat(event);
  }
  parser_->Feed(event);
  while (true) {
    events_.clear();
    const auto more = parser_->Next(events_);
    if (more && !*more) {
      return true;
    }
    Note(dialect_, events_);
  }
}

bool StreamRelay::LookAtChat(std::string_view event) {
  const std::string_view data = net::SseData(event, data_);
  if (data.empty()) {
    return true;
  }
  const openai_chat::FrameFacts facts = observer_.Observe(data);
  done_ |= facts.done;
  failed_ |= facts.error;
  spoke_ |= !facts.done && !facts.error;
  if (facts.has_usage) {
    bill_ = facts.bill;
    stated_ = true;
  } else if (!facts.done && !facts.error) {
    CountEvent();
  }
  return pass_usage_ || !facts.usage_only;
}

}  // namespace signalbox::gateway
