// The tables of SharedOnSql: numbers 005x.
#pragma once

#include <span>

#include "io/store/migration.h"

namespace signalbox::shared {

std::span<const store::Migration> Migrations();

}  // namespace signalbox::shared
