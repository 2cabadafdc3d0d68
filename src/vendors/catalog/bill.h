// What an answer says that it used and cost.
//
// Owner: whoever holds it; plain data. Threads: any. Errors: none; what is not stated is unknown.
// Cancel: nothing to undo.
#pragma once

#include <chrono>
#include <optional>

#include "vendors/catalog/model.h"

namespace signalbox::catalog {

struct Bill {
  chat::Usage usage;
  ServiceTier tier = ServiceTier::kStandard;  // that the call was served in
  std::optional<NanoUsd> stated;              // the vendor's own figure

  friend bool operator==(const Bill&, const Bill&) = default;
};

// What a call cost that began at `when`: as the vendor states it, else by the price of `model`
// (null: not known).
std::optional<NanoUsd> CostOf(const Bill& bill, const Model* model,
                              std::chrono::system_clock::time_point when);

}  // namespace signalbox::catalog
