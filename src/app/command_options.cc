#include "app/command_options.h"

namespace signalbox::app {

config::Request ConfigArguments::ToRequest() const {
  config::Request request{.file = file.empty() ? std::nullopt : std::optional(file),
                          .environment = config::Environment::FromProcess(),
                          .profile = profile};
  if (!listen.empty()) {
    request.overrides.push_back({"server.listen", listen, "--listen"});
  }
  if (!data.empty()) {
    request.overrides.push_back({"data", data, "--data"});
  }
  return request;
}

void AddFileOptions(CLI::App& command, ConfigArguments& arguments, const std::string& flags) {
  command.add_option(flags, arguments.file, "Configuration file (YAML); none is needed")
      ->type_name("FILE");
  command
      .add_option("-p,--profile", arguments.profile,
                  "Profile of the configuration instead of SIGNALBOX_PROFILE")
      ->type_name("NAME");
}

void AddConfigOptions(CLI::App& command, ConfigArguments& arguments) {
  AddFileOptions(command, arguments);
  command.add_option("-d,--data", arguments.data, "Data directory instead of data")
      ->type_name("DIR");
}

void AddListen(CLI::App& command, ConfigArguments& arguments) {
  command.add_option("-l,--listen", arguments.listen, "HOST:PORT instead of server.listen")
      ->type_name("ADDRESS");
}

void AddServer(CLI::App& command, cli::ServerArguments& server) {
  command.add_option("--url", server.url, "The running Signalbox")
      ->envname("SIGNALBOX_URL")
      ->type_name("URL")
      ->capture_default_str();
  AddCredentials(command, server);
}

void AddCredentials(CLI::App& command, cli::ServerArguments& server) {
  command.add_option("--key", server.key, "Its access key")
      ->envname("SIGNALBOX_KEY")
      ->type_name("KEY");
  command.add_option("--ca", server.ca, "PEM file with the authorities to believe")
      ->type_name("FILE");
}

void AddModel(CLI::App& command, std::string& model) {
  command.add_option("-m,--model", model, "Model")->type_name("MODEL")->capture_default_str();
}

}  // namespace signalbox::app
