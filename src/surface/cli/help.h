// --help, as wide as the terminal is; and what is said about a command line that cannot be read.
//
// Owner: the parser. Threads: the main thread. Errors: this is how they look. Cancel: nothing
// waits.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "surface/cli/command_tree.h"
#include "surface/cli/terminal.h"

namespace signalbox::cli {

// `exit_codes`: with the list of exit statuses at its end.
std::string HelpText(const Command& command, const Terminal& terminal, bool exit_codes);

// Makes `app` and all its commands print HelpText; call it when all of them have been added.
void UseHelp(CLI::App& app);

// What is wrong with the command line that `app` would not take: what and where, the nearest word
// that would have been right, and what to do next. A line end at its end.
std::string UsageError(const CLI::App& app, const CLI::ParseError& error);

}  // namespace signalbox::cli
