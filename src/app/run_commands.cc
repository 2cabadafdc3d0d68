#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "app/doctor.h"
#include "app/serve.h"
#include "app/sim_serve.h"
#include "app/upgrade_command.h"
#include "surface/cli/doctor_deployment.h"

namespace signalbox::app {

void AddServe(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<ConfigArguments>();
  CLI::App* serve = app.add_subcommand("serve", "Answer requests");
  AddConfigOptions(*serve, *arguments);
  AddListen(*serve, *arguments);
  serve->callback([arguments, &status] { status = Serve(arguments->ToRequest()); });
}

void AddUpgrade(CLI::App& app, int& status) {
  struct Arguments : ConfigArguments {
    bool json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* upgrade = app.add_subcommand(
      "upgrade", "Make the running Signalbox hand over to the program file that is there now");
  AddConfigOptions(*upgrade, *arguments);
  upgrade->add_flag("--json", arguments->json, "As JSON");
  upgrade->callback(
      [arguments, &status] { status = UpgradeCommand(arguments->ToRequest(), arguments->json); });
}

void AddSim(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<SimServeArguments>();
  CLI::App* sim = app.add_subcommand("sim", "The built-in provider on its own");
  sim->require_subcommand(1);
  CLI::App* serve = sim->add_subcommand("serve", "Answer as an OpenAI-compatible upstream");
  serve->add_option("-l,--listen", arguments->listen, "HOST:PORT")
      ->type_name("ADDRESS")
      ->capture_default_str();
  serve->add_option("-s,--script", arguments->script, "Faults to play (YAML)")->type_name("FILE");
  serve->callback([arguments, &status] { status = SimServe(*arguments); });
}

void AddDoctor(CLI::App& app, int& status) {
  struct Arguments : ConfigArguments {
    DoctorArguments here;
    cli::DeploymentArguments deployment;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* doctor = app.add_subcommand("doctor", "Say what works, what is missing, what to do");
  AddConfigOptions(*doctor, *arguments);
  AddListen(*doctor, *arguments);
  doctor->add_flag("--offline", arguments->here.offline, "Ask nothing over the network");
  doctor->add_flag("--json", arguments->here.json, "As JSON");
  CLI::Option* url = doctor
                         ->add_option("--deployment", arguments->deployment.server.url,
                                      "Look at the Signalbox at this URL from outside instead")
                         ->type_name("URL");
  AddCredentials(*doctor, arguments->deployment.server);
  doctor->add_flag("--request", arguments->deployment.request, "Call the model auto once, too")
      ->needs(url);
  doctor->callback([arguments, url, &status] {
    arguments->deployment.json = arguments->here.json;
    status = url->count() != 0 ? cli::DoctorDeployment(arguments->deployment)
                               : Doctor(arguments->ToRequest(), arguments->here);
  });
}

}  // namespace signalbox::app
