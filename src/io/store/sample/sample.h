// For the tests of the build's embedding: how a stage declares its migrations.
#pragma once

#include <span>

#include "io/store/migration.h"

namespace signalbox::sample {

std::span<const store::Migration> Migrations();

}  // namespace signalbox::sample
