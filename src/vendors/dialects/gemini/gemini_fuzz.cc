// Any bytes, in every form of the dialect, at both hosts. A stream that is one JSON array must stay
// whole however it ends.
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/testkit/fuzz.h"

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const wire::Dialect* dialect : {&gemini::TheDialect(), &gemini::Vertex()}) {
    testkit::FuzzStream(*dialect, text, true, wire::Framing::kJsonArray);
    testkit::FuzzStream(*dialect, text, false, wire::Framing::kJsonArray);
    testkit::FuzzDialect(*dialect, text, {.models = {"gemini-2.0-flash", "gemini-3-pro"}});
  }
  return 0;
}
