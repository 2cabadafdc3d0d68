// The prices that `signalbox models refresh` has written below the data directory.
//
// Owner: nobody, these are functions. Threads: any; they block for the disk. Cancel: none.
// Errors: none; no file is no prices. It is written by config::ReplaceFile.
#pragma once

#include <optional>
#include <string>

namespace signalbox::app {

std::string PriceFile(const std::string& data_directory);
// Rows for catalog::Catalog::With.
std::optional<std::string> ReadPriceFile(const std::string& path);

}  // namespace signalbox::app
