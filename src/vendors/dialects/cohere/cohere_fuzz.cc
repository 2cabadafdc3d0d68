// Any bytes, in every form of the dialect.
#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/testkit/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  return signalbox::testkit::FuzzDialect(signalbox::cohere::TheDialect(),
                                         {reinterpret_cast<const char*>(data), size});
}
