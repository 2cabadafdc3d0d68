// Any bytes, in every form of the dialect. A key of an extra that looks like one of our own is left
// to nobody.
#include <algorithm>

#include "vendors/dialects/testkit/fuzz.h"
#include "vendors/dialects/workers_ai/dialect.h"

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kOurs[] = {"workers_ai.", "\\"};
  const auto holds = [&](std::string_view ours) { return text.contains(ours); };
  if (std::ranges::any_of(kOurs, holds)) {
    return 0;
  }
  return testkit::FuzzDialect(workers_ai::TheDialect(), text,
                              {.models = {""}, .same_answer = false});
}
