// sb_catalog_from_prices DIRECTORY PRICES DAY [OLDER-PRICES DAY]…
//
// Writes one file of rows per provider into DIRECTORY. A model that only an older list has keeps
// that list's price and day.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "vendors/catalog/price_map.h"

namespace {

using namespace signalbox;

std::optional<catalog::PriceMap> ReadList(const char* path, const char* day) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const auto from = catalog::ReadDay(day);
  if (!file || !from) {
    std::cerr << path << ", " << day << ": expected a file and its day, such as 2026-08-01\n";
    return std::nullopt;
  }
  auto map = catalog::ReadPriceMap(text.view(), *from);
  if (!map) {
    std::cerr << path << ": " << map.error().message << '\n';
    return std::nullopt;
  }
  std::cout << path << ": " << map->entries << " entries, " << map->models.size() << " models, "
            << map->unpriced << " without a known price, " << map->other
            << " entries of other providers, " << map->rounded << " prices rounded\n";
  return std::move(*map);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc % 2 != 0) {
    std::cerr << "usage: sb_catalog_from_prices DIRECTORY PRICES DAY [OLDER-PRICES DAY]...\n";
    return 2;
  }
  std::map<std::string, std::vector<catalog::Model>> by_provider;
  std::set<std::pair<std::string, std::string>> seen;
  for (int i = 2; i + 1 < argc; i += 2) {
    auto map = ReadList(argv[i], argv[i + 1]);
    if (!map) {
      return 1;
    }
    for (catalog::Model& model : map->models) {
      if (seen.emplace(model.provider, model.id).second) {
        by_provider[model.provider].push_back(std::move(model));
      }
    }
  }
  for (auto& [provider, models] : by_provider) {
    std::ranges::sort(models, {}, &catalog::Model::id);
    std::ofstream file(std::filesystem::path(argv[1]) / (provider + ".txt"));
    file << "# Made by scripts/catalog_from_prices; README.md says how to read it.\n"
         << catalog::RowsText(models);
    if (!file.flush()) {
      std::cerr << argv[1] << ": cannot write " << provider << ".txt\n";
      return 1;
    }
  }
  return 0;
}
