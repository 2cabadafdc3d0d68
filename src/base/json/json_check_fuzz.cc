// Whatever the bytes are: no crash, and the same verdict and reading as simdjson's.
#include <cstdio>
#include <cstdlib>

#include "base/json/oracle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string disagreement = signalbox::json::oracle::Disagreement(text);
  if (!disagreement.empty()) {
    std::fprintf(stderr, "%s\n", disagreement.c_str());
    std::abort();
  }
  return 0;
}
