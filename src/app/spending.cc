#include "app/spending.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "base/config/diff.h"
#include "base/telemetry/log.h"
#include "pipeline/identity/tenant_of.h"
#include "pipeline/ledger/codec.h"

namespace signalbox::app {
namespace {

using ledger::Position;
using telemetry::Level;
using telemetry::Log;

constexpr std::chrono::seconds kRecoverTime{1};
constexpr std::size_t kMostSubjects = 1'000'000;

std::int64_t Nanos(core::WallTime time) {
  return time.time_since_epoch().count();
}

request::Instant InstantNow() {
  return {core::WallNow(), core::MonoNow()};
}

quota::Moment MomentNow() {
  return {core::MonoNow().time_since_epoch().count(), Nanos(core::WallNow())};
}

std::string TextOf(Position position) {
  return fmt::format("{}:{}", position.segment, position.offset);
}

std::optional<Position> PositionOf(std::string_view text) {
  Position position;
  const char* end = text.data() + text.size();
  const auto segment = std::from_chars(text.data(), end, position.segment);
  if (segment.ec != std::errc() || segment.ptr == end || *segment.ptr != ':') {
    return std::nullopt;
  }
  const auto offset = std::from_chars(segment.ptr + 1, end, position.offset);
  return offset.ec == std::errc() && offset.ptr == end ? std::optional(position) : std::nullopt;
}

quota::Booking BookingOf(const ledger::Record& record) {
  return {.parties = record.parties,
          .labels = record.labels,
          .provider = record.provider,
          .model = record.model,
          .cost_nano_usd = record.cost_nano_usd,
          .reserved_nano_usd = record.reserved_nano_usd,
          .reserved_at = record.request.uuid.Time()};
}

identity::FoundTenant TenantOf(store::Sql& sql, quota::SubjectKind kind, const core::Uuid& id) {
  switch (kind) {
    case quota::SubjectKind::kTenant:
      return identity::TenantOf(sql, request::TenantId{id});
    case quota::SubjectKind::kTeam:
      return identity::TenantOf(sql, request::TeamId{id});
    case quota::SubjectKind::kUser:
      return identity::TenantOf(sql, request::UserId{id});
    case quota::SubjectKind::kKey:
      return identity::TenantOf(sql, request::KeyId{id});
    case quota::SubjectKind::kProject:
      return identity::TenantOf(sql, request::ProjectId{id});
    default:
      return std::optional<request::TenantId>();
  }
}

}  // namespace

Spending::Spending(store::Sql& sql, std::string data, bool shared)
    : data_(std::move(data)),
      registry_(kMostSubjects, shared),
      settings_(sql, registry_,
                [&sql](quota::SubjectKind kind, const core::Uuid& id) {
                  return TenantOf(sql, kind, id);
                }),
      book_(registry_) {}

std::string Spending::Path() const {
  return (std::filesystem::path(data_) / "spent.json").string();
}

core::Status Spending::Adopt(const Options& options) {
  if (limits_ && config::Diff(quota::LimitsTable(), *limits_, options.limits).empty() &&
      config::Diff(quota::BudgetsTable(), *budgets_, options.budgets).empty()) {
    return {};
  }
  SB_TRY(auto rules,
         quota::MakeRules(options.limits, options.budgets, registry_, Nanos(core::WallNow())));
  registry_.SetRules(std::move(rules), MomentNow());
  limits_ = options.limits;
  budgets_ = options.budgets;
  return {};
}

core::Status Spending::Open(const Options& options, ledger::Ledger* ledger) {
  SB_CHECK_OK(Adopt(options));
  SB_CHECK_OK(settings_.Refresh(InstantNow()));
  SB_TRY(const auto position, book_.Load(Path()));
  loaded_ = position ? PositionOf(*position) : std::nullopt;
  if (ledger != nullptr) {
    if (!ledger->archiver().WaitRecovered(kRecoverTime)) {
      Log(Level::kWarn, "the ledger takes long to recover; budgets begin with what is archived");
    }
    Follow(*ledger);
    SB_CHECK_OK(ReadOn());
  }
  book_.Restore(Nanos(core::WallNow()));
  return {};
}

void Spending::Follow(ledger::Ledger& ledger) {
  const std::lock_guard lock(book_mutex_);
  progress_ = &ledger.progress();
  follower_.emplace(ledger::LedgerDirectory(data_), loaded_.value_or(Position()));
}

void Spending::StopFollowing() {
  Checkpoint();
  const std::lock_guard lock(book_mutex_);
  follower_.reset();
}

core::Status Spending::ReadOn() {
  const std::lock_guard lock(book_mutex_);
  const Position until = progress_->committed();
  ledger::Frame frame;
  ledger::Record record;
  while (true) {
    SB_TRY(const bool found, follower_->Next(until, frame));
    if (!found) {
      return {};
    }
    if (frame.type == ledger::FrameType::kSettlement && ledger::DecodeBody(frame, record) &&
        !record.cached) {
      book_.Add(BookingOf(record));
    }
  }
}

void Spending::Tick() {
  registry_.Tick(MomentNow());
  if (const auto fresh = settings_.Refresh(InstantNow()); fresh.has_value() == failing_) {
    failing_ = !fresh;
    if (failing_) {
      Log(Level::kWarn, "limits and budgets in the database cannot be read; those known hold",
          {{"reason", fresh.error().message}});
    } else {
      Log(Level::kInfo, "limits and budgets can be read again");
    }
  }
  registry_.VisitAlerts(Nanos(core::WallNow()),
                        [](const quota::Budget& budget, const quota::BudgetState& state) {
                          Log(Level::kWarn, "a budget is nearly spent",
                              {{"budget", budget.of().Text()},
                               {"window", quota::Name(budget.window())},
                               {"spent_nano_usd", state.all()},
                               {"limit_nano_usd", state.limit}});
                        });
}

void Spending::Correct(const ledger::Record& attempt) {
  if (registry_.shared()) {
    return;
  }
  {
    const std::lock_guard lock(book_mutex_);
    book_.Correct(BookingOf(attempt), attempt.cost_nano_usd);
    corrected_ = true;
  }
  Checkpoint();
}

void Spending::CatchUp() {
  if (follower_) {
    if (const auto read = ReadOn(); !read) {
      Log(Level::kWarn, "the ledger cannot be read for the budgets' book; it is tried again",
          {{"reason", read.error().message}});
    }
  }
}

void Spending::Checkpoint() {
  const std::lock_guard lock(book_mutex_);
  if (!follower_ || (follower_->position() == saved_ && !corrected_)) {
    return;
  }
  const auto saved = book_.Save(Path(), TextOf(follower_->position()));
  if (!saved && !save_failing_) {
    Log(Level::kWarn, "the budgets' checkpoint cannot be written; more is replayed at a start",
        {{"reason", saved.error().message}});
  }
  save_failing_ = !saved;
  if (saved) {
    saved_ = follower_->position();
    corrected_ = false;
  }
}

}  // namespace signalbox::app
