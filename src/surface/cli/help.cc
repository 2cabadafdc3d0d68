#include "surface/cli/help.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "surface/cli/exit_status.h"

namespace signalbox::cli {
namespace {

constexpr int kMostNameColumns = 28;  // what is wider has its explanation on the next line
constexpr int kNarrow = 60;           // below this every explanation is on a line of its own

struct Entry {
  std::string name;
  std::string doc;
};

std::string DocOf(const Parameter& parameter) {
  std::string doc = parameter.doc;
  const auto add = [&doc](const std::string& note) { doc += " (" + note + ")"; };
  if (!parameter.words.empty()) {
    add(fmt::format("{}", fmt::join(parameter.words, ", ")));
  }
  if (!parameter.range.empty()) {
    add(parameter.range);
  }
  if (!parameter.fallback.empty()) {
    add("default: " + parameter.fallback);
  }
  if (!parameter.variable.empty()) {
    add("or " + parameter.variable + " in the environment");
  }
  return doc;
}

void AppendEntries(const Terminal& terminal, std::string_view heading,
                   const std::vector<Entry>& entries, std::string& out) {
  if (entries.empty()) {
    return;
  }
  out += fmt::format("\n{}\n", Painted(terminal, Paint::kBold, heading));
  int column = 0;
  for (const Entry& entry : entries) {
    column = std::max(column, std::min(Width(entry.name), kMostNameColumns));
  }
  const bool narrow = terminal.columns != 0 && terminal.columns < kNarrow;
  const int indent = narrow ? 6 : column + 4;
  for (const Entry& entry : entries) {
    out += "  " + entry.name;
    const int used = Width(entry.name) + 2;
    const bool below = narrow || used + 2 > indent;
    if (!entry.doc.empty()) {
      out += below ? "\n" + std::string(static_cast<std::size_t>(indent), ' ')
                   : std::string(static_cast<std::size_t>(indent - used), ' ');
      out += Wrapped(entry.doc, terminal.columns, indent);
    }
    out += '\n';
  }
}

// Groups in the order in which their first command was added.
void AppendCommands(const Command& command, const Terminal& terminal, std::string& out) {
  std::vector<std::string> groups;
  for (const Command& each : command.commands) {
    if (std::ranges::find(groups, each.group) == groups.end()) {
      groups.push_back(each.group);
    }
  }
  for (const std::string& group : groups) {
    std::vector<Entry> entries;
    for (const Command& each : command.commands) {
      if (each.group == group) {
        entries.push_back({each.name, each.doc});
      }
    }
    AppendEntries(terminal, (group == "Subcommands" ? "Commands" : group) + ":", entries, out);
  }
}

class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    const CLI::App* parent = app->get_parent();
    Command command = TreeOf(*app);
    for (const CLI::App* above = parent; above != nullptr; above = above->get_parent()) {
      command.path = above->get_name() + " " + command.path;
    }
    return HelpText(command, TerminalOf(STDOUT_FILENO), parent == nullptr);
  }
};

}  // namespace

std::string HelpText(const Command& command, const Terminal& terminal, bool exit_codes) {
  std::string out = Wrapped(command.doc, terminal.columns, 0) + "\n\n";
  out += Painted(terminal, Paint::kBold, "Usage:") + " " +
         Wrapped(command.Usage(), terminal.columns, 7) + "\n";
  AppendCommands(command, terminal, out);
  std::vector<Entry> places;
  for (const Parameter& parameter : command.places) {
    places.push_back({parameter.Synopsis(), DocOf(parameter)});
  }
  AppendEntries(terminal, "Arguments:", places, out);
  std::vector<Entry> options;
  for (const Parameter& option : command.options) {
    options.push_back({option.Synopsis(), DocOf(option)});
  }
  AppendEntries(terminal, "Options:", options, out);
  if (exit_codes) {
    std::vector<Entry> codes;
    for (const ExitMeaning& each : ExitMeanings()) {
      codes.push_back({std::to_string(each.status), std::string(each.meaning)});
    }
    AppendEntries(terminal, "Exit status:", codes, out);
  }
  if (!command.commands.empty()) {
    out += "\n" +
           Wrapped("Run " + command.path + " COMMAND --help for what a command takes.",
                   terminal.columns, 0) +
           "\n";
  }
  return out;
}

void UseHelp(CLI::App& app) {
  const auto formatter = std::make_shared<HelpFormatter>();
  const std::function<void(CLI::App&)> use = [&](CLI::App& each) {
    each.formatter(formatter);
    for (CLI::App* below : each.get_subcommands([](CLI::App*) { return true; })) {
      use(*below);
    }
  };
  use(app);
}

}  // namespace signalbox::cli
