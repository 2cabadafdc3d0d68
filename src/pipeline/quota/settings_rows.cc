#include "pipeline/quota/settings_rows.h"

namespace signalbox::quota {
namespace {

using store::Param;

core::WallTime TimeOf(std::int64_t nanoseconds) {
  return core::WallTime(std::chrono::nanoseconds(nanoseconds));
}

std::int64_t Of(core::WallTime time) {
  return time.time_since_epoch().count();
}

Param OrNull(const std::optional<std::string_view>& text) {
  return text ? Param(*text) : Param();
}

Param OrNull(const std::optional<std::uint32_t>& number) {
  return number ? Param(std::int64_t{*number}) : Param();
}

std::optional<std::uint32_t> NumberAt(const store::Row& row, std::size_t column) {
  return row.IsNull(column) ? std::nullopt
                            : std::optional(static_cast<std::uint32_t>(row.Int(column)));
}

core::Result<BudgetRow> BudgetOf(const store::Row& row) {
  SB_TRY(const Window window, FindWindow(row.Text(3)));
  return BudgetRow{.id = std::string(row.Text(0)),
                   .tenant = std::string(row.Text(1)),
                   .subject = std::string(row.Text(2)),
                   .window = window,
                   .zone = std::string(row.Text(4)),
                   .amount = row.Int(5),
                   .alert_ppm = row.Int(6),
                   .hard = row.Int(7) != 0,
                   .any_price = row.Int(8) != 0,
                   .created = TimeOf(row.Int(9)),
                   .changed = TimeOf(row.Int(10)),
                   .version = row.Int(11)};
}

LimitRow LimitOf(const store::Row& row) {
  return {
      .id = std::string(row.Text(0)),
      .tenant = std::string(row.Text(1)),
      .subject = std::string(row.Text(2)),
      .limits = {.rates = {NumberAt(row, 3), NumberAt(row, 4), NumberAt(row, 5), NumberAt(row, 6)},
                 .burst = NumberAt(row, 7),
                 .concurrent = NumberAt(row, 8)},
      .created = TimeOf(row.Int(9)),
      .changed = TimeOf(row.Int(10)),
      .version = row.Int(11)};
}

}  // namespace

core::Result<std::vector<BudgetRow>> ReadBudgets(store::Reader& reader,
                                                 const BudgetFilter& filter) {
  std::vector<BudgetRow> rows;
  SB_CHECK_OK(reader.Query(
      "SELECT id, tenant, subject, window_kind, zone, amount, alert_ppm, hard, any_price, created, "
      "changed, version FROM quota_budgets WHERE ($1 IS NULL OR id = $1) AND ($2 IS NULL OR tenant "
      "= $2) AND ($3 IS NULL OR subject = $3) AND id > $4 ORDER BY id LIMIT $5",
      {OrNull(filter.id), OrNull(filter.tenant), OrNull(filter.subject), filter.after, filter.most},
      [&](const store::Row& row) -> core::Status {
        SB_TRY(rows.emplace_back(), BudgetOf(row));
        return {};
      }));
  return rows;
}

core::Result<std::vector<LimitRow>> ReadLimits(store::Reader& reader, const BudgetFilter& filter) {
  std::vector<LimitRow> rows;
  SB_CHECK_OK(reader.Query(
      "SELECT id, tenant, subject, requests_per_minute, requests_per_hour, tokens_per_minute, "
      "tokens_per_hour, burst, concurrent, created, changed, version FROM quota_limits WHERE ($1 "
      "IS "
      "NULL OR id = $1) AND ($2 IS NULL OR tenant = $2) AND ($3 IS NULL OR subject = $3) AND id > "
      "$4 ORDER BY id LIMIT $5",
      {OrNull(filter.id), OrNull(filter.tenant), OrNull(filter.subject), filter.after, filter.most},
      [&](const store::Row& row) -> core::Status {
        rows.push_back(LimitOf(row));
        return {};
      }));
  return rows;
}

core::Status InsertBudget(store::Transaction& transaction, const BudgetRow& row) {
  SB_TRY(
      const std::int64_t written,
      transaction.Run(
          "INSERT INTO quota_budgets (id, tenant, subject, window_kind, zone, amount, alert_ppm, "
          "hard, any_price, created, changed, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
          "$9, $10, $11, $12) ON CONFLICT (subject, window_kind) DO NOTHING",
          {row.id, row.tenant, row.subject, Name(row.window), row.zone, row.amount, row.alert_ppm,
           std::int64_t{row.hard}, std::int64_t{row.any_price}, Of(row.created), Of(row.changed),
           row.version}));
  if (written == 0) {
    return core::Fail(core::ErrorCode::kConflict, "there is such a budget already; change that one",
                      "window");
  }
  return {};
}

core::Result<bool> UpdateBudget(store::Transaction& transaction, const BudgetRow& row,
                                std::int64_t version) {
  SB_TRY(const std::int64_t written,
         transaction.Run(
             "UPDATE quota_budgets SET amount = $1, alert_ppm = $2, hard = $3, "
             "any_price = $4, changed = $5, version = $6 WHERE id = $7 AND version = $8",
             {row.amount, row.alert_ppm, std::int64_t{row.hard}, std::int64_t{row.any_price},
              Of(row.changed), row.version, row.id, version}));
  return written == 1;
}

core::Status DeleteBudget(store::Transaction& transaction, const std::string& id) {
  SB_TRY(std::int64_t written,
         transaction.Run("DELETE FROM quota_credits WHERE budget = $1", {id}));
  SB_TRY(written, transaction.Run("DELETE FROM quota_budgets WHERE id = $1", {id}));
  static_cast<void>(written);
  return {};
}

core::Status PutLimits(store::Transaction& transaction, const LimitRow& row) {
  const LimitRule& limits = row.limits;
  SB_TRY(const std::int64_t written,
         transaction.Run(
             "INSERT INTO quota_limits (id, tenant, subject, requests_per_minute, "
             "requests_per_hour, tokens_per_minute, tokens_per_hour, burst, concurrent, created, "
             "changed, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON "
             "CONFLICT (subject) DO UPDATE SET requests_per_minute = $4, requests_per_hour = $5, "
             "tokens_per_minute = $6, tokens_per_hour = $7, burst = $8, concurrent = $9, changed = "
             "$11, version = $12",
             {row.id, row.tenant, row.subject, OrNull(limits.rates[0]), OrNull(limits.rates[1]),
              OrNull(limits.rates[2]), OrNull(limits.rates[3]), OrNull(limits.burst),
              OrNull(limits.concurrent), Of(row.created), Of(row.changed), row.version}));
  static_cast<void>(written);
  return {};
}

core::Status DeleteLimits(store::Transaction& transaction, const std::string& id) {
  SB_TRY(const std::int64_t written,
         transaction.Run("DELETE FROM quota_limits WHERE id = $1", {id}));
  static_cast<void>(written);
  return {};
}

core::Result<bool> InsertCredit(store::Transaction& transaction, const std::string& budget,
                                std::int64_t window_start, const Credit& credit,
                                core::WallTime now) {
  SB_TRY(const std::int64_t written,
         transaction.Run("INSERT INTO quota_credits (id, budget, window_start, amount, note, "
                         "created) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
                         {credit.id, budget, window_start, credit.amount, credit.note, Of(now)}));
  return written == 1;
}

core::Status ReadCredits(store::Reader& reader, std::optional<std::string_view> budget,
                         SettingRows::Credits& credits) {
  return reader.Query(
      "SELECT budget, window_start, amount FROM quota_credits WHERE ($1 IS NULL OR budget = $1)",
      {OrNull(budget)}, [&](const store::Row& row) -> core::Status {
        credits[{std::string(row.Text(0)), row.Int(1)}] += row.Int(2);
        return {};
      });
}

core::Status RaiseEpoch(store::Transaction& transaction) {
  SB_TRY(
      const std::int64_t written,
      transaction.Run("UPDATE quota_epoch SET number = number + 1 WHERE one = 1", store::Params()));
  static_cast<void>(written);
  return {};
}

core::Result<std::int64_t> ReadEpoch(store::Reader& reader) {
  std::int64_t number = 0;
  SB_CHECK_OK(reader.Query("SELECT number FROM quota_epoch WHERE one = 1", store::Params(),
                           [&](const store::Row& row) -> core::Status {
                             number = row.Int(0);
                             return {};
                           }));
  return number;
}

}  // namespace signalbox::quota
