// `signalbox models refresh`: prices from a public list into the data directory.
//
// Threads: the main thread; blocks for the disk. Errors: on standard error; the exit status is 1
// when the list or the file cannot be read or written, and then nothing has changed. Cancel: the
// file is the old one or the new one, whole.
#pragma once

#include <string>

#include "base/config/load.h"

namespace signalbox::app {

struct RefreshArguments {
  std::string from;  // LiteLLM's list or our rows: a file, a URL; "-": standard input
  std::string day;   // of the list, "2026-08-01"; empty: today
  bool dry_run = false;
};

int ModelsRefresh(const config::Request& request, const RefreshArguments& arguments);

}  // namespace signalbox::app
