// The tables of this folder: migrations/*.sql, in order.
#pragma once

#include <span>

#include "io/store/migration.h"

namespace signalbox::quota {

std::span<const store::Migration> Migrations();

}  // namespace signalbox::quota
