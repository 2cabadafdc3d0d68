#include "app/price_file.h"

#include <fstream>
#include <sstream>

namespace signalbox::app {

std::string PriceFile(const std::string& data_directory) {
  return data_directory + "/prices.rows";
}

std::optional<std::string> ReadPriceFile(const std::string& path) {
  const std::ifstream file(path);
  if (!file) {
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace signalbox::app
