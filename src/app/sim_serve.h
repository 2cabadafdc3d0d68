// `signalbox sim serve`: the built-in provider as an upstream of its own, with a script of faults.
#pragma once

#include <string>

namespace signalbox::app {

struct SimServeArguments {
  std::string listen = "127.0.0.1:9001";
  std::string script;
};

int SimServe(const SimServeArguments& arguments);

}  // namespace signalbox::app
