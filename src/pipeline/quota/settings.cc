#include "pipeline/quota/settings.h"

#include "pipeline/quota/options.h"
#include "pipeline/quota/settings_access.h"
#include "pipeline/quota/settings_rows.h"

namespace signalbox::quota {
namespace {

using core::ErrorCode;

constexpr std::int64_t kMostAmount = static_cast<std::int64_t>(kMostUsd) * kNanoPerUsd;
constexpr std::size_t kMostNote = 500;  // bytes

core::Status Check(const BudgetRow& row) {
  if (row.amount < 0 || row.amount > kMostAmount) {
    return core::Fail(ErrorCode::kInvalidRequest, "a budget is from $0 to $9,000,000", "amount");
  }
  if (row.alert_ppm < 0 || row.alert_ppm > kPpm) {
    return core::Fail(ErrorCode::kInvalidRequest, "an alert is at a share from 0 to 1", "alert_at");
  }
  SB_TRY(const cctz::time_zone zone, LoadZone(row.zone));
  static_cast<void>(zone);
  return {};
}

}  // namespace

void Settings::OnChange(std::function<void()> tell) {
  const std::lock_guard lock(mutex_);
  tell_ = std::move(tell);
}

template <typename T>
T Settings::NewId(core::WallTime now) {
  const std::lock_guard lock(mutex_);
  return T::New(now, random_);
}

core::Result<BudgetRow> Settings::CreateBudget(const Actor& actor, const SubjectName& subject,
                                               BudgetRow budget) {
  SB_TRY(const Meant meant, Find(actor, subject));
  SB_CHECK_OK(Check(budget));
  budget.id = NewId<core::Id<BudgetTag>>(actor.now.wall).Text();
  budget.tenant = meant.tenant;
  budget.subject = meant.code;
  budget.created = budget.changed = actor.now.wall;
  budget.version = 1;
  const auto work = [&](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(InsertBudget(transaction, budget));
    return RaiseEpoch(transaction);
  };
  SB_CHECK_OK(sql_.Write(work));
  SB_CHECK_OK(Apply(meant.code, MomentOf(actor.now)));
  return budget;
}

core::Result<Change<BudgetRow>> Settings::UpdateBudget(const Actor& actor, const std::string& id,
                                                       const BudgetEdit& edit) {
  Change<BudgetRow> change;
  const auto work = [&](store::Transaction& transaction) -> core::Status {
    SB_TRY(change.before, Own(transaction, actor, id, true));
    BudgetRow row = *change.before;
    row.amount = edit.amount.value_or(row.amount);
    row.alert_ppm = edit.alert_ppm.value_or(row.alert_ppm);
    row.hard = edit.hard.value_or(row.hard);
    row.any_price = edit.any_price.value_or(row.any_price);
    row.changed = actor.now.wall;
    SB_CHECK_OK(Check(row));
    const std::int64_t version = row.version++;
    bool written = edit.version.value_or(version) == version;
    if (written) {
      SB_TRY(written, quota::UpdateBudget(transaction, row, version));
    }
    if (!written) {
      return core::Fail(ErrorCode::kConflict, "the budget was changed meanwhile; read it again");
    }
    change.after = std::move(row);
    return RaiseEpoch(transaction);
  };
  SB_CHECK_OK(sql_.Write(work));
  SB_CHECK_OK(Apply(change.after->subject, MomentOf(actor.now)));
  return change;
}

core::Result<Change<BudgetRow>> Settings::DeleteBudget(const Actor& actor, const std::string& id) {
  Change<BudgetRow> change;
  const auto work = [&](store::Transaction& transaction) -> core::Status {
    SB_TRY(change.before, Own(transaction, actor, id, true));
    SB_CHECK_OK(quota::DeleteBudget(transaction, id));
    return RaiseEpoch(transaction);
  };
  SB_CHECK_OK(sql_.Write(work));
  SB_CHECK_OK(Apply(change.before->subject, MomentOf(actor.now)));
  return change;
}

core::Result<BudgetRow> Settings::GetBudget(const Actor& actor, const std::string& id) {
  return Own(sql_, actor, id, false);
}

core::Result<std::vector<BudgetRow>> Settings::ListBudgets(const Actor& actor,
                                                           const std::string& after,
                                                           std::int64_t most) {
  const auto tenant = Sees(actor);
  return ReadBudgets(sql_, {.tenant = tenant, .after = after, .most = most});
}

core::Result<bool> Settings::AddCredit(const Actor& actor, const std::string& budget,
                                       const Credit& credit) {
  if (credit.amount < -kMostAmount || credit.amount > kMostAmount) {
    return core::Fail(ErrorCode::kInvalidRequest, "a credit is at most $9,000,000", "amount");
  }
  if (credit.note.size() > kMostNote || credit.id.size() > kMostText) {
    return core::Fail(ErrorCode::kInvalidRequest, "the note or the id is too long", "note");
  }
  Credit named = credit;
  named.id = credit.id.empty() ? NewId<core::Id<CreditTag>>(actor.now.wall).Text()
                               : TenantOf(actor) + "/" + credit.id;
  const std::int64_t wall = MomentOf(actor.now).wall;
  bool fresh = false;
  std::string subject;
  const auto work = [&](store::Transaction& transaction) -> core::Status {
    SB_TRY(const BudgetRow row, Own(transaction, actor, budget, true));
    subject = row.subject;
    SB_TRY(const cctz::time_zone zone, LoadZone(row.zone));
    const std::int64_t start = WindowAt(row.window, zone, wall).start;
    SB_TRY(fresh, InsertCredit(transaction, budget, start, named, actor.now.wall));
    return RaiseEpoch(transaction);
  };
  SB_CHECK_OK(sql_.Write(work));
  SB_CHECK_OK(Apply(subject, MomentOf(actor.now)));
  return fresh;
}

core::Result<Change<LimitRow>> Settings::SetLimits(const Actor& actor, const SubjectName& subject,
                                                   const LimitRule& limits) {
  SB_TRY(const Meant meant, Find(actor, subject));
  const std::string id = NewId<core::Id<LimitTag>>(actor.now.wall).Text();
  Change<LimitRow> change;
  const auto work = [&](store::Transaction& transaction) -> core::Status {
    change = {};
    SB_TRY(std::vector<LimitRow> rows, ReadLimits(transaction, {.subject = meant.code, .most = 1}));
    LimitRow row{.id = id,
                 .tenant = meant.tenant,
                 .subject = meant.code,
                 .limits = limits,
                 .created = actor.now.wall,
                 .changed = actor.now.wall};
    if (!rows.empty()) {
      change.before = rows[0];
      row.id = rows[0].id;
      row.created = rows[0].created;
      row.version = rows[0].version + 1;
    }
    if (limits == LimitRule{}) {
      SB_CHECK_OK(DeleteLimits(transaction, row.id));
    } else {
      SB_CHECK_OK(PutLimits(transaction, row));
      change.after = std::move(row);
    }
    return RaiseEpoch(transaction);
  };
  SB_CHECK_OK(sql_.Write(work));
  SB_CHECK_OK(Apply(meant.code, MomentOf(actor.now)));
  return change;
}

core::Result<std::vector<LimitRow>> Settings::ListLimits(const Actor& actor,
                                                         const std::string& after,
                                                         std::int64_t most) {
  const auto tenant = Sees(actor);
  return ReadLimits(sql_, {.tenant = tenant, .after = after, .most = most});
}

}  // namespace signalbox::quota
