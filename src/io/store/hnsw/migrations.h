// The table vector_rows: number 0072.
#pragma once

#include <span>

#include "io/store/migration.h"

namespace signalbox::hnsw {

std::span<const store::Migration> Migrations();

}  // namespace signalbox::hnsw
