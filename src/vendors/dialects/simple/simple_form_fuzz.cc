// Any bytes, in every form of the dialect.
#include "vendors/dialects/simple/dialect.h"
#include "vendors/dialects/testkit/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  return signalbox::testkit::FuzzDialect(signalbox::simple::TheDialect(),
                                         {reinterpret_cast<const char*>(data), size},
                                         {.models = {""}, .same_answer = false});
}
