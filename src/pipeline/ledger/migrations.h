// The forms of the ledger's tables, numbers 03xx: migrations/*.sql, embedded by the build.
#pragma once

#include <span>

#include "io/store/migration.h"

namespace signalbox::ledger {

std::span<const store::Migration> Migrations();

}  // namespace signalbox::ledger
