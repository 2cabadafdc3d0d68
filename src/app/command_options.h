// Options that many commands take, and what they mean.
//
// Owner:   the parser's callbacks (a shared_ptr of each command's arguments).
// Threads: the main thread's. Errors: the parser's. Cancel: nothing waits.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "base/config/load.h"
#include "surface/cli/server_link.h"

namespace signalbox::app {

// Of commands that read the configuration.
struct ConfigArguments {
  std::string file;
  std::string profile;
  std::string listen;
  std::string data;

  // What the command line says of the configuration.
  config::Request ToRequest() const;
};

// --config, --profile and --data.
void AddConfigOptions(CLI::App& command, ConfigArguments& arguments);
// --config and --profile; `flags` names the option, as CLI11 wants it.
void AddFileOptions(CLI::App& command, ConfigArguments& arguments,
                    const std::string& flags = "-c,--config");
void AddListen(CLI::App& command, ConfigArguments& arguments);
// --url, --key and --ca.
void AddServer(CLI::App& command, cli::ServerArguments& server);
// --key and --ca.
void AddCredentials(CLI::App& command, cli::ServerArguments& server);
void AddModel(CLI::App& command, std::string& model);

}  // namespace signalbox::app
