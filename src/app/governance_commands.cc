// `signalbox usage`, `requests`, `audit`, `limits`, `cache`, `whoami`.
#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "surface/cli/governance.h"
#include "surface/cli/listings.h"

namespace signalbox::app {
namespace {

using cli::GovernArguments;
using cli::Listing;
using cli::ListingArguments;

constexpr const char* kGroup = "Govern";

CLI::App& Parent(CLI::App& app, const std::string& name, const std::string& doc) {
  const auto there =
      app.get_subcommands([&name](const CLI::App* each) { return each->get_name() == name; });
  if (!there.empty()) {
    return *there.front();
  }
  CLI::App* parent = app.add_subcommand(name, doc);
  parent->group(kGroup);
  return *parent;
}

void AddListing(CLI::App& app, const Listing& listing, int& status) {
  const auto arguments = std::make_shared<ListingArguments>();
  arguments->count = listing.count;
  CLI::App* command =
      &Parent(app, std::string(listing.command),
              std::string(listing.command_doc.empty() ? listing.doc : listing.command_doc));
  if (!listing.verb.empty()) {
    command = command->add_subcommand(std::string(listing.verb), std::string(listing.doc));
  }
  AddServer(*command, arguments->server);
  for (const cli::ListingOption& option : listing.options) {
    CLI::Option* added = command->add_option(std::string(option.option),
                                             arguments->values[std::string(option.parameter)],
                                             std::string(option.doc));
    added->type_name(std::string(option.value));
    if (!option.words.empty()) {
      added->check(
          CLI::IsMember(std::vector<std::string>(option.words.begin(), option.words.end())));
    }
  }
  if (listing.in_parts) {
    command->add_option("-n,--count", arguments->count, "Only so many; 0: all")
        ->capture_default_str();
  }
  command->add_flag("--json", arguments->json, "As JSON");
  command->callback([arguments, command, &listing, &status] {
    if (command->get_subcommands().empty()) {
      status = cli::ShowListing(listing, *arguments);
    }
  });
}

using Run = int (*)(const GovernArguments&);

// A command of its own; what it takes beside the server is added by the caller.
CLI::App& AddRun(CLI::App& parent, const std::string& name, const std::string& doc, Run run,
                 const std::shared_ptr<GovernArguments>& arguments, int& status) {
  CLI::App* command = parent.add_subcommand(name, doc);
  AddServer(*command, arguments->server);
  command->callback([arguments, run, &status] { status = run(*arguments); });
  return *command;
}

void AddJson(CLI::App& command, GovernArguments& arguments) {
  command.add_flag("--json", arguments.json, "As JSON");
}

void AddTenant(CLI::App& command, GovernArguments& arguments) {
  command.add_option("--tenant", arguments.tenant, "Of that tenant, for keys of the installation")
      ->type_name("TENANT");
}

void AddAudit(CLI::App& app, int& status) {
  CLI::App& audit = *app.get_subcommand("audit");
  audit.require_subcommand(1);
  const auto verified = std::make_shared<GovernArguments>();
  AddJson(AddRun(audit, "verify", "Say whether the trail is whole", &cli::AuditVerify, verified,
                 status),
          *verified);
  const auto exported = std::make_shared<GovernArguments>();
  CLI::App& command =
      AddRun(audit, "export", "Print a stretch of the trail", &cli::AuditExport, exported, status);
  command.add_option("--format", exported->format, "jsonl or csv")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->capture_default_str();
  command.add_option("--since", exported->since, "From when on: 7d or 2027-01-31")
      ->type_name("WHEN");
  command.add_option("--until", exported->until, "Until when, in the same way")->type_name("WHEN");
  AddTenant(command, *exported);
}

void AddLimits(CLI::App& app, int& status) {
  CLI::App& limits = *app.get_subcommand("limits");
  limits.require_subcommand(1);
  const auto arguments = std::make_shared<GovernArguments>();
  CLI::App& set = AddRun(limits, "set", "Set all limits of a subject; none takes them away",
                         &cli::LimitsSet, arguments, status);
  set.add_option("--for", arguments->subject, "total, key:ID, user:ID, provider:NAME, …")
      ->type_name("KIND:NAME")
      ->required();
  constexpr std::pair<const char*, const char*> kNumbers[] = {
      {"requests_per_minute", "Requests in a minute"}, {"requests_per_hour", "Requests in an hour"},
      {"tokens_per_minute", "Tokens in a minute"},     {"tokens_per_hour", "Tokens in an hour"},
      {"burst", "Requests at once, after a rest"},     {"concurrent", "Requests under way at once"},
  };
  for (const auto& [member, doc] : kNumbers) {
    std::string option = std::string("--") + member;
    std::ranges::replace(option, '_', '-');
    set.add_option(option, arguments->numbers[member], doc)
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
  }
  AddJson(set, *arguments);
}

void AddCache(CLI::App& app, int& status) {
  CLI::App& cache = Parent(app, "cache", "Answers that are kept");
  cache.require_subcommand(1);
  const auto shown = std::make_shared<GovernArguments>();
  AddJson(AddRun(cache, "show", "How full it is", &cli::CacheShow, shown, status), *shown);
  const auto purged = std::make_shared<GovernArguments>();
  CLI::App& purge = AddRun(cache, "purge", "Forget answers", &cli::CachePurge, purged, status);
  purge.add_option("--model", purged->model, "Of that model")->type_name("MODEL");
  purge.add_option("--tag", purged->tag, "To requests with that tag")->type_name("TAG");
  purge.add_flag("--all", purged->all, "All of them");
  AddTenant(purge, *purged);
  AddJson(purge, *purged);
}

}  // namespace

void AddGovernance(CLI::App& app, int& status) {
  for (const Listing& listing : cli::Listings()) {
    AddListing(app, listing, status);
  }
  AddAudit(app, status);
  AddLimits(app, status);
  AddCache(app, status);
  const auto arguments = std::make_shared<GovernArguments>();
  CLI::App& whoami = AddRun(app, "whoami", "Whose key is in use, and what it allows", &cli::Whoami,
                            arguments, status);
  whoami.group(kGroup);
  AddJson(whoami, *arguments);
}

}  // namespace signalbox::app
