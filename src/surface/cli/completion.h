// Completion scripts for bash, zsh and fish, written from the tree of commands.
//
// Owner: nobody, it is a function. Threads: any. Errors: none. Cancel: nothing waits.
//
// A script knows commands, options and fixed words by itself; names of models and providers it asks
// for with the hidden `signalbox complete`.
#pragma once

#include <string>

#include "surface/cli/command_tree.h"

namespace signalbox::cli {

enum class Shell { kBash, kZsh, kFish };

std::string CompletionScript(const Command& root, Shell shell);

}  // namespace signalbox::cli
