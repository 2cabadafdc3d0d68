// `signalbox keys`, `users`, `teams`, `projects`, `tenants`, `budget`: one command for each row of
// cli::Resources, with the same words under each.
#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "surface/cli/resource_run.h"

namespace signalbox::app {
namespace {

using cli::Resource;
using cli::ResourceArguments;
using cli::ResourceField;

using Shared = std::shared_ptr<ResourceArguments>;

// A word below the resource's command, with the options that all of them have.
CLI::App* AddVerb(CLI::App& parent, const Resource& resource, const std::string& name,
                  const std::string& doc, const Shared& arguments) {
  CLI::App* verb = parent.add_subcommand(name, doc);
  AddServer(*verb, arguments->server);
  if (resource.in_tenant) {
    verb->add_option("--tenant", arguments->tenant, "Of that tenant, for keys of the installation")
        ->type_name("TENANT");
  }
  verb->add_flag("--json", arguments->json, "As JSON");
  return verb;
}

void AddField(CLI::App& verb, const ResourceField& field, const Shared& arguments) {
  CLI::Option* option =
      verb.add_option(std::string(field.option), arguments->values[std::string(field.member)],
                      std::string(field.doc));
  option->type_name(std::string(field.value))->type_size(1)->expected(1);
  if (field.kind == cli::FieldKind::kTexts) {
    option->expected(1)->take_all()->allow_extra_args(false);
  }
  option->required(field.required);
  if (!field.words.empty()) {
    option->check(CLI::IsMember(std::vector<std::string>(field.words.begin(), field.words.end())));
  }
}

void AddId(CLI::App& verb, const Resource& resource, const Shared& arguments) {
  verb.add_option("id", arguments->id, "Its id")
      ->type_name("ID")
      ->required()
      ->check([noun = std::string(resource.noun)](const std::string& id) {
        return id.starts_with(noun + "_") ? std::string()
                                          : "expected an id, " + noun + "_ and 32 digits";
      });
}

void AddMaking(CLI::App& parent, const Resource& resource, int& status) {
  const auto made = std::make_shared<ResourceArguments>();
  CLI::App* create = AddVerb(parent, resource, "create", "Make one", made);
  if (resource.named) {
    create->add_option("name", made->id, "Its name")->required();
  }
  const auto changed = std::make_shared<ResourceArguments>();
  CLI::App* update =
      AddVerb(parent, resource, "update", "Change what is given, leave the rest", changed);
  AddId(*update, resource, changed);
  if (resource.named) {
    update->add_option("--name", changed->name, "Another name")->type_name("NAME");
  }
  for (const ResourceField& field : resource.fields) {
    if (field.create) {
      AddField(*create, field, made);
    }
    if (field.update) {
      AddField(*update, field, changed);
    }
  }
  create->callback([made, &resource, &status] { status = cli::ResourceCreate(resource, *made); });
  update->callback(
      [changed, &resource, &status] { status = cli::ResourceUpdate(resource, *changed); });
}

void AddLooking(CLI::App& parent, const Resource& resource, int& status) {
  const auto listed = std::make_shared<ResourceArguments>();
  CLI::App* list = AddVerb(parent, resource, "list", "Those there are", listed);
  if (resource.named) {
    list->add_option("search", listed->search, "Part of the name");
  }
  list->add_option("-n,--count", listed->limit, "Only so many");
  list->callback([listed, &resource, &status] { status = cli::ResourceList(resource, *listed); });
  const auto shown = std::make_shared<ResourceArguments>();
  CLI::App* show = AddVerb(parent, resource, "show", "All about one", shown);
  AddId(*show, resource, shown);
  show->callback([shown, &resource, &status] { status = cli::ResourceShow(resource, *shown); });
}

void AddActing(CLI::App& parent, const Resource& resource, int& status) {
  for (const cli::ResourceAction& action : resource.actions) {
    const auto arguments = std::make_shared<ResourceArguments>();
    CLI::App* verb =
        AddVerb(parent, resource, std::string(action.name), std::string(action.doc), arguments);
    AddId(*verb, resource, arguments);
    for (const ResourceField& field : action.fields) {
      AddField(*verb, field, arguments);
    }
    verb->callback([arguments, &resource, &action, &status] {
      status = cli::ResourceAct(resource, action, *arguments);
    });
  }
  if (!resource.removable) {
    return;
  }
  const auto arguments = std::make_shared<ResourceArguments>();
  CLI::App* remove = AddVerb(parent, resource, "delete", "Remove one", arguments);
  AddId(*remove, resource, arguments);
  remove->callback(
      [arguments, &resource, &status] { status = cli::ResourceDelete(resource, *arguments); });
}

}  // namespace

void AddResources(CLI::App& app, int& status) {
  for (const Resource& resource : cli::Resources()) {
    CLI::App* command =
        app.add_subcommand(std::string(resource.command), std::string(resource.doc));
    command->group("Govern")->require_subcommand(1);
    AddMaking(*command, resource, status);
    AddLooking(*command, resource, status);
    AddActing(*command, resource, status);
  }
}

}  // namespace signalbox::app
