// Copies of a whole database and the check of all of it. As Sqlite's functions of the same names.
#pragma once

#include <string>
#include <vector>

#include "io/store/sqlite/connection.h"

namespace signalbox::store::sqlite {

core::Status BackUp(Connection& connection, const std::string& path);
core::Result<std::vector<std::string>> Damage(Connection& connection);

}  // namespace signalbox::store::sqlite
