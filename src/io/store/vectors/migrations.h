// The table vector_collections: number 0071.
#pragma once

#include <span>

#include "io/store/migration.h"

namespace signalbox::vectors {

std::span<const store::Migration> Migrations();

}  // namespace signalbox::vectors
