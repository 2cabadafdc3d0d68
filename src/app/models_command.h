// `signalbox models list|show` and the hidden `complete`: what can be asked for, what it costs.
//
// Threads: the main thread; nothing is asked over the network but local servers. Errors: on
// standard error; the exit status is 1 when nothing of that name or kind is there, 2 for a wrong
// configuration. Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/config/load.h"

namespace signalbox::app {

struct ListArguments {
  std::string filter;  // a part of the name, or a pattern with *
  std::string provider;
  std::vector<std::string> capabilities;  // that it must have, all of them
  bool all = false;                       // the whole catalogue
  bool json = false;
};

int ModelsList(const config::Request& request, const ListArguments& arguments);
int ModelsShow(const config::Request& request, const std::string& name, bool json);

// Names for shells, one a line: "models" or "providers". Says nothing when something is wrong.
int CompleteNames(const config::Request& request, const std::string& kind);

}  // namespace signalbox::app
