// What is said about a command line that cannot be read.
#include <fmt/format.h>

#include "base/config/problem.h"
#include "surface/cli/help.h"

namespace signalbox::cli {
namespace {

// The innermost command that was understood.
const CLI::App& Innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().back();
  }
  return *at;
}

std::string PathOf(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : PathOf(*parent) + " " + app.get_name();
}

// What `word` could have been meant as at `command`.
std::string NearestTo(const std::string& word, const Command& command) {
  std::vector<std::string> candidates;
  if (word.starts_with('-')) {
    for (const Parameter& option : command.options) {
      candidates.insert(candidates.end(), option.names.begin(), option.names.end());
    }
  } else {
    for (const Command& each : command.commands) {
      candidates.push_back(each.name);
    }
  }
  return config::Nearest(word, candidates);
}

// The first word that nothing takes; a value behind "=" may be a secret and is left out.
std::string StrayWord(const CLI::App& app) {
  const std::vector<std::string> stray = app.remaining(true);
  if (stray.empty()) {
    return "";
  }
  const std::string& word = stray.front();
  return word.starts_with('-') ? word.substr(0, word.find('=')) : word;
}

std::string WhatIsWrong(const CLI::App& app, const CLI::App& at, const CLI::ParseError& error) {
  const Command command = TreeOf(at);
  const std::string stray = StrayWord(app);
  if (!stray.empty()) {
    const std::string nearest = NearestTo(stray, command);
    const bool is_command = !command.commands.empty() && !stray.starts_with('-');
    return fmt::format("{} \"{}\"{}",
                       stray.starts_with('-') ? "unknown option"
                       : is_command           ? "unknown command"
                                              : "unexpected argument",
                       Printable(stray),
                       nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest));
  }
  if (!command.commands.empty() && at.get_subcommands().empty()) {
    std::string names;
    for (const Command& each : command.commands) {
      names.append(names.empty() ? "" : ", ").append(each.name);
    }
    return "a command is missing: one of " + names;
  }
  return error.what();
}

}  // namespace

std::string UsageError(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& at = Innermost(app);
  const std::string path = PathOf(at);
  return fmt::format("{}: {}\nRun {} --help for what it takes.\n", path,
                     WhatIsWrong(app, at, error), path);
}

}  // namespace signalbox::cli
