#include "surface/cli/command_tree.h"

namespace signalbox::cli {
namespace {

// "{bash,fish,zsh}" as CLI11 writes the members of a set.
std::vector<std::string> WordsOf(std::string_view braces) {
  std::vector<std::string> words;
  braces = braces.substr(1, braces.size() - 2);
  while (!braces.empty()) {
    const std::size_t end = std::min(braces.find(','), braces.size());
    words.emplace_back(braces.substr(0, end));
    braces.remove_prefix(std::min(end + 1, braces.size()));
  }
  return words;
}

// What CLI11 calls "TEXT:{a,b}" or "UINT:INT in [1 - 10000]".
void ReadType(const std::string& type, Parameter& out) {
  const std::size_t colon = std::min(type.find(':'), type.size());
  const std::string kind = type.substr(0, colon);
  out.value = kind == "UINT" || kind == "INT" ? "N" : kind;
  const std::string rest = colon == type.size() ? "" : type.substr(colon + 1);
  if (rest.starts_with('{') && rest.ends_with('}')) {
    out.words = WordsOf(rest);
  } else if (const auto open = rest.find('['), dash = rest.find(" - ");
             open != std::string::npos && dash != std::string::npos) {
    out.range = rest.substr(open + 1, dash - open - 1) + " to " +
                rest.substr(dash + 3, rest.find(']') - dash - 3);
  }
}

Parameter ParameterOf(const CLI::Option& option) {
  Parameter out;
  for (const std::string& name : option.get_snames()) {
    out.names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    out.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() != 0) {
    ReadType(option.get_type_name(), out);
  }
  out.place = option.get_positional() ? option.get_name(true, false) : "";
  out.doc = option.get_description();
  out.fallback = option.get_default_str();
  out.variable = option.get_envname();
  out.required = option.get_required();
  out.repeated = option.get_items_expected_max() > 1;
  return out;
}

Command TreeOf(const CLI::App& app, const std::string& parent) {
  Command out{.path = parent.empty() ? app.get_name() : parent + " " + app.get_name(),
              .name = app.get_name(),
              .doc = app.get_description(),
              .group = app.get_group()};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) {
      continue;
    }
    Parameter parameter = ParameterOf(*option);
    if (!parameter.names.empty()) {
      out.options.push_back(parameter);
    }
    if (!parameter.place.empty()) {
      parameter.names.clear();
      out.places.push_back(std::move(parameter));
    }
  }
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!each->get_group().empty()) {
      out.commands.push_back(TreeOf(*each, out.path));
    }
  }
  return out;
}

}  // namespace

Completes Parameter::completes() const {
  if (!words.empty()) {
    return Completes::kWords;
  }
  return value == "FILE" || value == "FILE|URL" ? Completes::kFile
         : value == "DIR"                       ? Completes::kDirectory
         : value == "MODEL"                     ? Completes::kModel
         : value == "PROVIDER"                  ? Completes::kProvider
                                                : Completes::kNothing;
}

std::string Parameter::Synopsis() const {
  if (names.empty()) {
    return place + (repeated ? "..." : "");
  }
  std::string out;
  for (const std::string& name : names) {
    out.append(out.empty() ? "" : ", ").append(name);
  }
  return out.append(value.empty() ? "" : " ").append(value);
}

std::string Command::Usage() const {
  std::string out = path;
  out += options.empty() ? "" : " [OPTIONS]";
  for (const Parameter& parameter : places) {
    const std::string synopsis = parameter.Synopsis();
    out += parameter.required ? " " + synopsis : " [" + synopsis + "]";
  }
  return out + (commands.empty() ? "" : " COMMAND");
}

Command TreeOf(const CLI::App& app) {
  return TreeOf(app, "");
}

}  // namespace signalbox::cli
