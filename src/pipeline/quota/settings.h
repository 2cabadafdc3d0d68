// Limits and budgets that people set for single subjects: kept in the database, in effect at once.
//
// Owner:   app/, one per process; outlives its callers. Threads: any that may block (the pool's);
//          the registry is told under a mutex that no worker takes.
// Errors:  kNotFound for what is not there and for another tenant's alike; kForbidden for too low a
//          role, or for a tenant's own limits when asked by the tenant; kConflict where there is
//          one already, or it was changed meanwhile; kInvalidRequest with the field; as store::Sql.
// Cancel:  what is committed is in effect, here at once and in other processes with their Refresh.
//
// Every limit above a subject holds besides its own, so nobody gets more than its tenant by setting
// a larger number below it.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/store/sql.h"
#include "pipeline/quota/registry.h"
#include "pipeline/request/admission.h"
#include "pipeline/request/principal.h"

namespace signalbox::quota {

struct BudgetTag {
  static constexpr std::string_view kPrefix = "budget_";
};
struct LimitTag {
  static constexpr std::string_view kPrefix = "limit_";
};
struct CreditTag {
  static constexpr std::string_view kPrefix = "credit_";
};

inline constexpr std::int64_t kPpm = 1'000'000;  // all of an amount, in shares of alert_ppm

struct BudgetRow {
  std::string id;
  std::string tenant;   // empty: the installation's
  std::string subject;  // Subject::Code
  Window window = Window::kDay;
  std::string zone = "UTC";
  std::int64_t amount = 0;  // 10^-9 dollars
  std::int64_t alert_ppm = 800'000;
  bool hard = true;
  bool any_price = false;  // also calls that nobody can price
  core::WallTime created{};
  core::WallTime changed{};
  std::int64_t version = 1;

  friend bool operator==(const BudgetRow&, const BudgetRow&) = default;
};

struct LimitRow {
  std::string id;
  std::string tenant;
  std::string subject;
  LimitRule limits;
  core::WallTime created{};
  core::WallTime changed{};
  std::int64_t version = 1;

  friend bool operator==(const LimitRow&, const LimitRow&) = default;
};

// What is left out stays. `version`: only if it is still this one.
struct BudgetEdit {
  std::optional<std::int64_t> amount;
  std::optional<std::int64_t> alert_ppm;
  std::optional<bool> hard;
  std::optional<bool> any_price;
  std::optional<std::int64_t> version;
};

struct Credit {
  std::string id;           // the caller's own, so that it may say it twice; empty: a new one
  std::int64_t amount = 0;  // 10^-9 dollars; negative takes away
  std::string note;
};

// All rows of one subject.
struct SettingRows {
  using Credits = std::map<std::pair<std::string, std::int64_t>, std::int64_t>;
  std::vector<BudgetRow> budgets;
  std::vector<LimitRow> limits;  // one at most
  Credits credits;               // sums by budget and the window's start
};

// For the audit.
template <typename Row>
struct Change {
  std::optional<Row> before;
  std::optional<Row> after;
};

struct Actor {
  const request::Principal& principal;
  request::Instant now;
};

// `key_…`, `user_…`, `team_…`, `project_…`, `tenant_…`, or a kind and a name.
struct SubjectName {
  SubjectKind kind = SubjectKind::kTotal;
  std::string name;
};

class Settings {
 public:
  // Whose a key, user, team or project is; nullopt: there is none. Blocks.
  using FindTenant = std::function<core::Result<std::optional<request::TenantId>>(
      SubjectKind kind, const core::Uuid& id)>;

  Settings(store::Sql& sql, Registry& registry, FindTenant find_tenant)
      : sql_(sql), registry_(registry), find_tenant_(std::move(find_tenant)) {}

  // `tell` is called after this process changed something, by the thread that did. Set before the
  // first change.
  void OnChange(std::function<void()> tell);

  // Brings the registry to what the database says, if that has changed. At start, and now and then.
  core::Status Refresh(const request::Instant& now);

  core::Result<BudgetRow> CreateBudget(const Actor& actor, const SubjectName& subject,
                                       BudgetRow budget);
  core::Result<Change<BudgetRow>> UpdateBudget(const Actor& actor, const std::string& id,
                                               const BudgetEdit& edit);
  core::Result<Change<BudgetRow>> DeleteBudget(const Actor& actor, const std::string& id);
  // By id, `most` after `after`.
  core::Result<std::vector<BudgetRow>> ListBudgets(const Actor& actor, const std::string& after,
                                                   std::int64_t most);
  core::Result<BudgetRow> GetBudget(const Actor& actor, const std::string& id);
  // The running window's numbers; nullopt: nothing runs here yet.
  std::optional<BudgetState> StateOf(const BudgetRow& row, core::WallTime now) const;
  // A top-up or a refund, in the window that is now; returns whether it was new.
  core::Result<bool> AddCredit(const Actor& actor, const std::string& budget, const Credit& credit);

  // Sets all limits of a subject; an empty rule takes them away.
  core::Result<Change<LimitRow>> SetLimits(const Actor& actor, const SubjectName& subject,
                                           const LimitRule& limits);
  core::Result<std::vector<LimitRow>> ListLimits(const Actor& actor, const std::string& after,
                                                 std::int64_t most);

 private:
  struct Meant {
    std::string tenant;
    SubjectKey key;  // its name is the SubjectName's
    std::string code;
  };
  core::Result<Meant> Find(const Actor& actor, const SubjectName& subject) const;
  core::Result<BudgetRow> Own(store::Reader& reader, const Actor& actor, const std::string& id,
                              bool write) const;
  core::Status Apply(const std::string& code, const Moment& now);
  core::Status ApplyRows(const std::string& code, const SettingRows& rows, const Moment& now);
  template <typename T>
  T NewId(core::WallTime now);

  store::Sql& sql_;
  Registry& registry_;
  const FindTenant find_tenant_;
  std::mutex mutex_;  // of what follows
  core::Random random_;
  std::function<void()> tell_;
  std::int64_t epoch_ = -1;
  std::set<std::string> applied_;
};

}  // namespace signalbox::quota
