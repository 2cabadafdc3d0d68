// Rows and price lists come from files that people edit or download: any bytes are read or refused,
// what is read writes back to itself, and a cost is known or not, never negative.
#include <cstdint>
#include <cstdlib>

#include "vendors/catalog/catalog.h"
#include "vendors/catalog/price_map.h"
#include "vendors/catalog/row.h"

namespace {

using namespace signalbox;

void Check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void CheckModel(const catalog::Model& model) {
  catalog::Model again;
  Check(catalog::ReadRow(catalog::RowText(model), again).has_value());
  Check(catalog::RowText(again) == catalog::RowText(model));
  for (const std::int64_t input : {std::int64_t{0}, std::int64_t{300'000}, INT64_MAX}) {
    const chat::Usage usage{.input = input, .output = 7, .cached = 3, .reasoning = 2};
    for (const auto tier : {catalog::ServiceTier::kStandard, catalog::ServiceTier::kPriority}) {
      const auto cost = model.CostOf(usage, std::chrono::sys_days(), tier);
      Check(!cost || cost->count >= 0);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto sheet = catalog::Sheet::Open(text)) {
    for (std::size_t row = 0; row < (*sheet)->rows(); ++row) {
      CheckModel((*sheet)->RowAt(row));
      (void)(*sheet)->AliasesOf(row);
    }
  }
  if (const auto map = catalog::ReadPriceMap(text, std::chrono::sys_days())) {
    const auto sheet = catalog::Sheet::Open(catalog::RowsText(map->models));
    Check(sheet.has_value());
    Check((*sheet)->rows() == map->models.size());
  }
  return 0;
}
