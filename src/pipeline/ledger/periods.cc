#include "pipeline/ledger/periods.h"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <fmt/format.h>

#include <algorithm>

namespace signalbox::ledger {
namespace {

using core::ErrorCode;

constexpr std::array<std::string_view, 5> kSteps = {"minute", "hour", "day", "week", "month"};
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;

core::Result<cctz::time_zone> LoadZone(const std::string& name) {
  cctz::time_zone zone;
  if (name.empty() || !cctz::load_time_zone(name, &zone)) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      fmt::format("no time zone is called '{}'; write one such as Europe/Berlin or "
                                  "UTC",
                                  name),
                      "zone");
  }
  return zone;
}

std::int64_t Down(std::int64_t time, std::int64_t size) {
  const std::int64_t rest = time % size;
  return time - (rest < 0 ? rest + size : rest);
}

std::int64_t Up(std::int64_t time, std::int64_t size) {
  return Down(time + size - 1, size);
}

// Cuts at a zone's days, weeks and months.
class CivilCuts {
 public:
  CivilCuts(Step step, const cctz::time_zone& zone) : step_(step), zone_(zone) {}

  cctz::civil_day FirstDayAt(std::int64_t time) const {
    const cctz::time_point<cctz::seconds> at{cctz::seconds(time)};
    const cctz::civil_day day(cctz::convert(at, zone_));
    if (step_ == Step::kWeek) {
      return cctz::prev_weekday(day + 1, cctz::weekday::monday);
    }
    return step_ == Step::kMonth ? cctz::civil_day(cctz::civil_month(day)) : day;
  }
  cctz::civil_day Next(cctz::civil_day first) const {
    if (step_ == Step::kMonth) {
      return cctz::civil_day(cctz::civil_month(first) + 1);
    }
    return first + (step_ == Step::kWeek ? 7 : 1);
  }
  // Its first moment, which is not midnight where the clocks are put forward then.
  std::int64_t BeginOf(cctz::civil_day day) const {
    const auto found = zone_.lookup(cctz::civil_second(day));
    const auto at = found.kind == cctz::time_zone::civil_lookup::SKIPPED ? found.trans : found.pre;
    return at.time_since_epoch().count();
  }

 private:
  const Step step_;
  const cctz::time_zone zone_;
};

void Add(std::vector<Piece>& out, Grain grain, std::int64_t begin, std::int64_t end) {
  if (begin < end) {
    out.push_back({grain, {begin, end}});
  }
}

// `period` in buckets of `grain`, with coarser ones in the middle.
void Split(Period period, Grain grain, std::vector<Piece>& out) {
  if (grain == Grain::kDay) {
    Add(out, grain, period.begin, period.end);
    return;
  }
  const auto coarser = static_cast<Grain>(static_cast<int>(grain) + 1);
  const std::int64_t size = kGrainSeconds[static_cast<std::size_t>(coarser)];
  const Period middle{Up(period.begin, size), Down(period.end, size)};
  if (middle.begin >= middle.end) {
    Add(out, grain, period.begin, period.end);
    return;
  }
  Add(out, grain, period.begin, middle.begin);
  Split(middle, coarser, out);
  Add(out, grain, middle.end, period.end);
}

std::int64_t AsKept(std::int64_t time, const Kept& kept) {
  if (time < kept.hours_from) {
    return Down(time, kDay);
  }
  return Down(time, time < kept.minutes_from ? kHour : 60);
}

}  // namespace

std::string_view Name(Step step) {
  return kSteps[static_cast<std::size_t>(step)];
}

Step ChooseStep(Period period) {
  const std::int64_t seconds = period.end - period.begin;
  if (seconds <= 2 * kHour) {
    return Step::kMinute;
  }
  if (seconds <= 4 * kDay) {
    return Step::kHour;
  }
  if (seconds <= 100 * kDay) {
    return Step::kDay;
  }
  return seconds <= 800 * kDay ? Step::kWeek : Step::kMonth;
}

core::Result<std::vector<Period>> PeriodsOf(Period period, Step step, const std::string& zone) {
  SB_TRY(const cctz::time_zone loaded, LoadZone(zone));
  if (period.begin >= period.end) {
    return core::Fail(ErrorCode::kInvalidRequest, "the time asked for ends before it begins", "to");
  }
  std::vector<Period> periods;
  const auto too_many = [] {
    return core::Fail(
        ErrorCode::kInvalidRequest,
        fmt::format("more than {} points: ask for a shorter time, or a larger step", kMostPeriods),
        "step");
  };
  if (step == Step::kMinute || step == Step::kHour) {
    const std::int64_t size = step == Step::kMinute ? 60 : kHour;
    for (std::int64_t at = Down(period.begin, size); at < period.end; at += size) {
      if (periods.size() == kMostPeriods) {
        return too_many();
      }
      periods.push_back({at, at + size});
    }
    return periods;
  }
  const CivilCuts cuts(step, loaded);
  cctz::civil_day first = cuts.FirstDayAt(period.begin);
  for (std::int64_t at = cuts.BeginOf(first); at < period.end;) {
    if (periods.size() == kMostPeriods) {
      return too_many();
    }
    first = cuts.Next(first);
    const std::int64_t end = cuts.BeginOf(first);
    periods.push_back({at, end});
    at = end;
  }
  return periods;
}

std::vector<Piece> PiecesOf(Period period, const Kept& kept) {
  // The end is rounded up, so that what goes on now is in.
  const Period rounded{AsKept(period.begin, kept), AsKept(period.end + 59, kept)};
  std::vector<Piece> pieces;
  Split(rounded, Grain::kMinute, pieces);
  return pieces;
}

}  // namespace signalbox::ledger
