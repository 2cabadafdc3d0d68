#include "vendors/catalog/bill.h"

namespace signalbox::catalog {

std::optional<NanoUsd> CostOf(const Bill& bill, const Model* model,
                              std::chrono::system_clock::time_point when) {
  if (bill.stated) {
    return bill.stated;
  }
  return model != nullptr ? model->CostOf(bill.usage, when, bill.tier) : std::nullopt;
}

}  // namespace signalbox::catalog
