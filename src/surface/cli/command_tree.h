// The commands and what each takes, as plain data: help, completion and the man page are written
// from it, so that none of them can fall behind the parser.
//
// Owner: the caller. Threads: plain data. Errors: none. Cancel: nothing waits.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace signalbox::cli {

// What a shell offers where a value is expected; told by the value's name (FILE, DIR, MODEL, …).
enum class Completes { kNothing, kWords, kFile, kDirectory, kModel, kProvider };

struct Parameter {
  std::vector<std::string> names;  // "-c", "--config"; empty: it is told by its place alone
  std::string place;               // "prompt": the name of one that is told by its place
  std::string value;               // what stands for its value, "FILE"; empty: a flag
  std::vector<std::string> words;  // the values there are, when they are few
  std::string range;               // of a number, "1 to 10000"
  std::string doc;
  std::string fallback;  // its default
  std::string variable;  // of the environment that it is taken from
  bool required = false;
  bool repeated = false;

  Completes completes() const;
  // "-c, --config FILE"
  std::string Synopsis() const;
};

struct Command {
  std::string path;  // "signalbox models list"
  std::string name;  // "list"
  std::string doc;
  std::string group;
  std::vector<Parameter> options;
  std::vector<Parameter> places;
  std::vector<Command> commands;  // in the order they were added; hidden ones are left out

  // "signalbox models list [OPTIONS] [FILTER]"
  std::string Usage() const;
};

Command TreeOf(const CLI::App& app);

// Calls visit(command) for `command` and all below it, in order.
template <typename Visit>
void ForEachCommand(const Command& command, Visit visit) {
  visit(command);
  for (const Command& each : command.commands) {
    ForEachCommand(each, visit);
  }
}

}  // namespace signalbox::cli
