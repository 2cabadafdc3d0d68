// The tables of this folder, in the order in which they came to be.
//
// Owner: the program. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <span>

#include "io/store/migration.h"

namespace signalbox::identity {

std::span<const store::Migration> Migrations();

}  // namespace signalbox::identity
