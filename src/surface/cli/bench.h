// `signalbox bench`: how fast a running Signalbox answers, from here.
//
// Threads: the main thread. Errors: on standard error; the exit status is 1 when a request failed.
#pragma once

#include <cstdint>
#include <string>

#include "surface/cli/server_link.h"

namespace signalbox::cli {

struct BenchArguments {
  ServerArguments server;
  std::string model = "auto";
  std::uint32_t requests = 1000;   // in all
  std::uint32_t concurrency = 16;  // at once
  bool json = false;
};

int Bench(const BenchArguments& arguments);

}  // namespace signalbox::cli
