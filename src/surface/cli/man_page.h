// The man page signalbox(1), in roff, written from the tree of commands.
//
// Owner: nobody, it is a function. Threads: any. Errors: none. Cancel: nothing waits.
#pragma once

#include <string>
#include <string_view>

#include "surface/cli/command_tree.h"

namespace signalbox::cli {

// `version` and `day` ("2026-08-01") stand at the page's foot.
std::string ManPage(const Command& root, std::string_view version, std::string_view day);

}  // namespace signalbox::cli
