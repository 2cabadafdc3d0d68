// `signalbox chat`: one question to a running Signalbox, the answer as it comes, and what it took.
//
// Threads: the main thread. Errors: on standard error; the exit status is 1.
#pragma once

#include <string>
#include <vector>

#include "surface/cli/server_link.h"

namespace signalbox::cli {

struct ChatArguments {
  ServerArguments server;
  std::string model = "auto";
  std::string dialect = "openai";  // one of SpokenDialects(): the API that is used
  std::string system;
  std::string prompt;  // "-": standard input
  bool json = false;   // one JSON object when it is over, instead of text as it comes
};

int Chat(const ChatArguments& arguments);

// The APIs of Signalbox that can be used, by the names that people give them.
std::vector<std::string> SpokenDialects();

}  // namespace signalbox::cli
