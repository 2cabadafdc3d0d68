// Any bytes, in every form of the dialect. A stream that was rendered is read again.
#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/testkit/fuzz.h"

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const wire::Dialect& dialect = anthropic::TheDialect();
  for (const bool own : {true, false}) {
    const std::string out = testkit::FuzzStream(dialect, text, own, wire::Framing::kSse);
    const auto reader = dialect.NewStreamParser();
    chat::EventBatch events;
    reader->Feed(out);
    for (auto more = reader->Next(events); more.value_or(true); more = reader->Next(events)) {
      testkit::Require(more.has_value());
    }
  }
  return testkit::FuzzDialect(dialect, text, {.models = {"claude-3-haiku", "claude-opus-4-7"}});
}
