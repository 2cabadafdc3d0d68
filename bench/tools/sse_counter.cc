#include "sse_counter.h"

#include <charconv>

namespace signalbox::bench {
namespace {

constexpr std::string_view kStamp = "\"fp_";
constexpr std::size_t kStampDigits = 16;

}  // namespace

void SseCounter::Feed(std::string_view body, Sink& sink) {
  for (std::size_t end = body.find('\n'); end != std::string_view::npos; end = body.find('\n')) {
    if (partial_.empty()) {
      OnLine(body.substr(0, end), sink);
    } else {
      partial_.append(body.substr(0, end));
      OnLine(partial_, sink);
      partial_.clear();
    }
    body.remove_prefix(end + 1);
  }
  partial_.append(body);
}

void SseCounter::OnLine(std::string_view line, Sink& sink) {
  if (!line.starts_with("data:")) return;
  std::size_t at = line.find(kStamp);
  if (at != std::string_view::npos && line.size() >= at + kStamp.size() + kStampDigits) {
    const char* digits = line.data() + at + kStamp.size();
    Nanos stamp = 0;
    std::from_chars(digits, digits + kStampDigits, stamp, 16);
    in_order_ = in_order_ && stamp > last_stamp_;
    last_stamp_ = stamp;
    sink.OnFrame(stamp);
  } else if (line.find("[DONE]") != std::string_view::npos) {
    has_done_ = true;
  } else if (line.find("\"completion_tokens\"") != std::string_view::npos) {
    has_usage_ = true;
  }
}

}  // namespace signalbox::bench
