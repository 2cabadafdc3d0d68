// Stretches of time as reports want them (days of a named zone, months), and the rollups that make
// each of them up.
//
// Owner:   plain data. Threads: any; LoadZone reads the system's zone files, so not a worker.
// Errors:  LoadZone and PeriodsOf: kInvalidRequest for a zone that nobody knows, a stretch that
// ends
//          before it begins, or too many periods. Cancel: nothing to undo.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "pipeline/ledger/rollups.h"

namespace signalbox::ledger {

// Seconds since 1970, half-open.
struct Period {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  friend bool operator==(const Period&, const Period&) = default;
};

enum class Step : std::uint8_t { kMinute, kHour, kDay, kWeek, kMonth };
std::string_view Name(Step step);
// What shows `period` in at most about a hundred points, and never finer than is kept.
Step ChooseStep(Period period);

inline constexpr std::size_t kMostPeriods = 2000;

// `period` cut at the beginnings of minutes, hours, days, weeks (Mondays) or months of `zone`
// ("Europe/Berlin"); the first and the last are whole ones.
core::Result<std::vector<Period>> PeriodsOf(Period period, Step step, const std::string& zone);

// From when on rollups of a grain are kept, in seconds since 1970; days are kept longest.
struct Kept {
  std::int64_t minutes_from = 0;
  std::int64_t hours_from = 0;
};

// A stretch of buckets of one grain.
struct Piece {
  Grain grain = Grain::kMinute;
  Period period;
  friend bool operator==(const Piece&, const Piece&) = default;
};
inline constexpr std::size_t kMostPieces = 5;  // minutes, hours, days, hours, minutes

// The fewest buckets that make `period` up, to the minute, in order; to the hour, or the day, where
// finer ones are not kept any more.
std::vector<Piece> PiecesOf(Period period, const Kept& kept);

}  // namespace signalbox::ledger
