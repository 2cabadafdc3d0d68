// What the scripts of all shells are made of.
//
// Owner: completion. Threads: any. Errors: none. Cancel: nothing waits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "surface/cli/command_tree.h"

namespace signalbox::cli {

// 'text' for a POSIX shell, whatever is in it.
std::string ShellQuoted(std::string_view text);

// The `case` of bash and zsh that walks from "$at" to the command below it called "$word".
std::string StepCase(const Command& root);

// Patterns 'signalbox serve -c'|'signalbox serve --config' by what an option's value is; empty when
// no option takes such a value.
std::string ValuePatterns(const Command& root, Completes kind);

// The scripts' word for it: nothing, file, directory, models, providers.
std::string_view WordOf(Completes kind);

std::string BashScript(const Command& root);
std::string ZshScript(const Command& root);
std::string FishScript(const Command& root);

}  // namespace signalbox::cli
