// Any bytes, in every form of the dialect; as a stream also as lines "<kind> <payload>", a frame
// each.
#include <algorithm>

#include "io/net/event_stream.h"
#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/testkit/fuzz.h"

using namespace signalbox;

namespace {

std::string Framed(std::string_view lines) {
  std::string bytes;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::string_view kind = line.substr(0, std::min<std::size_t>(line.find(' '), 60));
    const std::string_view payload = line.substr(std::min(kind.size() + 1, line.size()));
    net::AppendEventStreamEvent(bytes, kind, payload);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const wire::Dialect& dialect = bedrock::TheDialect();
  const std::string framed = Framed(text);
  testkit::FuzzStream(dialect, framed, true, wire::Framing::kEventStream);
  testkit::FuzzStream(dialect, framed, false, wire::Framing::kEventStream);
  return testkit::FuzzDialect(
      dialect, text, {.models = {"anthropic.claude-v2", "amazon.nova-2-lite-v1:0", "meta.llama"}});
}
