#include "vendors/catalog/price_map.h"
#include "vendors/catalog/sheet.h"

namespace signalbox::catalog {

core::Result<PriceMap> ReadPriceRows(std::string rows) {
  SB_TRY(const auto sheet, Sheet::Open(std::move(rows)));
  PriceMap out;
  out.entries = sheet->rows();
  for (std::size_t row = 0; row < sheet->rows(); ++row) {
    const Model& model = sheet->RowAt(row);
    out.unpriced += model.prices.empty() ? 1 : 0;
    out.models.push_back(model);
    for (const std::string_view name : sheet->AliasesOf(row)) {
      out.aliases.push_back({model.provider, std::string(name), model.id});
    }
  }
  return out;
}

}  // namespace signalbox::catalog
