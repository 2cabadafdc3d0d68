#include "requests.h"

#include "clock.h"
#include "flags.h"
#include "prompt.h"

namespace signalbox::bench {
namespace {

// The request with one more header line.
std::string WithLine(const std::string& request, const std::string& line) {
  std::size_t end = request.find("\r\n\r\n");
  return request.substr(0, end) + "\r\n" + line + request.substr(end);
}

void PutHex(char* to, std::uint64_t value) {
  for (int digit = 15; digit >= 0; --digit, value >>= 4) to[digit] = "0123456789abcdef"[value & 15];
}

}  // namespace

// Numbers go on from the clock, so that a second run sends none of the first's.
Requests::Requests(const LoadOptions& options) : number_(static_cast<std::uint64_t>(NowNs())) {
  const auto add = [&](std::string text) {
    std::size_t mark = options.unique ? text.find(kMark) : std::string::npos;
    if (options.unique && mark == std::string::npos) Fail("no place for a number in the prompt");
    forms_.push_back({std::move(text), mark});
  };
  for (const std::string& line : options.credentials) add(WithLine(options.request, line));
  if (forms_.empty()) add(options.request);
  sent_.resize(static_cast<std::size_t>(options.connections));
}

std::string_view Requests::Next(std::size_t connection) {
  const Form& form = forms_[number_++ % forms_.size()];
  if (form.mark == std::string::npos) return form.text;
  std::string& text = sent_[connection];
  text = form.text;
  PutHex(text.data() + form.mark + 1, number_);
  return text;
}

}  // namespace signalbox::bench
