// By what usage is added up.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "pipeline/ledger/record.h"

namespace signalbox::ledger {

// Numbers are those in usage_rollups: new ones go to the end.
enum class Dimension : std::uint8_t {
  kTotal = 0,
  kTenant = 1,
  kProvider = 2,
  kModel = 3,
  kTarget = 4,  // "provider/model"
  kKey = 5,
  kUser = 6,
  kTeam = 7,
  kProject = 8,
  kEndUser = 9,
  kAgent = 10,
  kTask = 11,
  kFeature = 12,
  kCategory = 13,
  kActivity = 14,
  kTag = 15,  // each of a call's tags counts the whole call
  kOperation = 16,
  kOutcome = 17,
};
inline constexpr std::size_t kDimensions = 18;

std::string_view Name(Dimension dimension);  // "end_user"

inline constexpr std::size_t kMaxTags = 16;  // of one call that count; further ones do not

// The values that `record` counts under, as text ("key_…", "gpt-4o"), each valid during the visit.
// Where nothing is known there is no visit; the total's value is empty.
void VisitDimensions(const Record& record,
                     const std::function<void(Dimension, std::string_view value)>& visit);

}  // namespace signalbox::ledger
