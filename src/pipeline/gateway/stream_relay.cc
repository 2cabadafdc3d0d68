#include "pipeline/gateway/stream_relay.h"

#include "io/net/sse_event_end.h"

namespace signalbox::gateway {

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
    const std::size_t length = net::SseEventEnd(input.substr(at), at == 0 ? scanned_ : 0);
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
    Take("\n\n", out);
  }
}

// Reads one event; tells whether it goes on to the client.
bool StreamRelay::Look(std::string_view event) {
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
  } else if (!stated_ && !facts.done && !facts.error) {
    bill_.usage.output = std::max<std::int64_t>(bill_.usage.output, 0) + 1;
  }
  return pass_usage_ || !facts.usage_only;
}

}  // namespace signalbox::gateway
