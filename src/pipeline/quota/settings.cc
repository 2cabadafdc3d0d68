#include "pipeline/quota/settings.h"

#include <algorithm>
#include <cstdlib>

#include "pipeline/quota/options.h"
#include "pipeline/quota/settings_rows.h"

namespace signalbox::quota {
namespace {

using core::ErrorCode;
using request::Role;

constexpr std::int64_t kMostAmount = static_cast<std::int64_t>(kMostUsd) * kNanoPerUsd;
constexpr std::int64_t kPpm = 1'000'000;
constexpr std::size_t kMostText = 255;

Moment MomentOf(const request::Instant& now) {
  return {now.mono.time_since_epoch().count(), now.wall.time_since_epoch().count()};
}

bool OfInstallation(const Actor& actor) {
  return actor.principal.grant == nullptr || !actor.principal.grant->of_tenant;
}

std::string TenantOf(const Actor& actor) {
  return OfInstallation(actor) ? std::string() : actor.principal.grant->parties.tenant.Text();
}

// Whose rows the actor sees; nullopt: everybody's.
std::optional<std::string> Sees(const Actor& actor) {
  return OfInstallation(actor) ? std::nullopt : std::optional(TenantOf(actor));
}

core::Status Need(const Actor& actor, Role role) {
  if (actor.principal.grant != nullptr && actor.principal.grant->role < role) {
    return core::Fail(ErrorCode::kForbidden, "limits and budgets are set by an admin");
  }
  return {};
}

std::unexpected<core::Error> NotFound(std::string_view what) {
  return core::Fail(ErrorCode::kNotFound, "no such " + std::string(what));
}

template <typename Tag>
std::optional<core::Uuid> IdOf(const std::string& text) {
  const auto id = core::Id<Tag>::Parse(text);
  return id ? std::optional(id->uuid) : std::nullopt;
}

std::optional<core::Uuid> ReadId(SubjectKind kind, const std::string& text) {
  switch (kind) {
    case SubjectKind::kTenant:
      return IdOf<request::TenantTag>(text);
    case SubjectKind::kTeam:
      return IdOf<request::TeamTag>(text);
    case SubjectKind::kUser:
      return IdOf<request::UserTag>(text);
    case SubjectKind::kKey:
      return IdOf<request::KeyTag>(text);
    case SubjectKind::kProject:
      return IdOf<request::ProjectTag>(text);
    default:
      return std::nullopt;
  }
}

bool ById(SubjectKind kind) {
  return kind >= SubjectKind::kTenant && kind <= SubjectKind::kProject;
}

bool ByTenantAndName(SubjectKind kind) {
  return kind == SubjectKind::kEndUser || kind == SubjectKind::kAgent || kind == SubjectKind::kTag;
}

core::Status CheckName(SubjectKind kind, const std::string& name) {
  const bool good = std::ranges::all_of(name, [](char c) { return c >= ' ' && c != '\x7f'; });
  const bool wanted = kind != SubjectKind::kTotal;
  if (name.size() > kMostText || !good || name.empty() == wanted) {
    return core::Fail(ErrorCode::kInvalidRequest, "the subject's name is not one", "subject");
  }
  return {};
}

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

Budget* FindBudget(const Subject* subject, Window window) {
  Budget* budget = subject == nullptr ? nullptr : subject->budgets.load(std::memory_order_acquire);
  while (budget != nullptr && budget->window() != window) {
    budget = budget->next();
  }
  return budget;
}

}  // namespace

template <typename T>
T Settings::NewId(core::WallTime now) {
  const std::lock_guard lock(mutex_);
  return T::New(now, random_);
}

template <typename Row>
core::Status Settings::Write(const Actor& actor, const Change<Row>& change,
                             const store::Work& work) {
  request::Testimony testimony(actor.witness);
  return testimony.End(sql_.Write([&](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(work(transaction));
    SB_CHECK_OK(RaiseEpoch(transaction));
    return testimony.Give(change);
  }));
}

// What a tenant names is its own; what is in another's is not there.
core::Result<Settings::Meant> Settings::Find(const Actor& actor, const SubjectName& subject) const {
  SB_CHECK_OK(Need(actor, Role::kAdmin));
  SB_CHECK_OK(CheckName(subject.kind, subject.name));
  Meant meant{.tenant = TenantOf(actor), .key = {.kind = subject.kind}};
  if (ById(subject.kind)) {
    const auto id = ReadId(subject.kind, subject.name);
    if (!id) {
      return NotFound(Name(subject.kind));
    }
    meant.key.id = *id;
    request::TenantId owner{*id};
    if (subject.kind != SubjectKind::kTenant) {
      SB_TRY(const auto found, find_tenant_(subject.kind, *id));
      if (!found) {
        return NotFound(Name(subject.kind));
      }
      owner = *found;
    }
    if (!OfInstallation(actor) && owner != actor.principal.grant->parties.tenant) {
      return NotFound(Name(subject.kind));
    }
    meant.tenant = owner.uuid == core::Uuid{} ? std::string() : owner.Text();
  } else {
    meant.key.name = subject.name;
    if (ByTenantAndName(subject.kind) && actor.principal.grant != nullptr) {
      meant.key.id = actor.principal.grant->parties.tenant.uuid;
    }
  }
  if (!OfInstallation(actor) && !ByTenantAndName(subject.kind) &&
      (!ById(subject.kind) || subject.kind == SubjectKind::kTenant)) {
    return core::Fail(ErrorCode::kForbidden, "this is set by whoever runs the installation");
  }
  meant.code = Subject(meant.key, 0).Code();
  return meant;
}

core::Result<BudgetRow> Settings::Own(store::Reader& reader, const Actor& actor,
                                      const std::string& id, bool write) const {
  const auto tenant = Sees(actor);
  SB_TRY(std::vector<BudgetRow> rows, ReadBudgets(reader, {.id = id, .tenant = tenant, .most = 1}));
  if (rows.empty()) {
    return NotFound("budget");
  }
  if (write) {
    SB_CHECK_OK(Need(actor, Role::kAdmin));
    const bool of_itself = rows[0].subject.starts_with(Name(SubjectKind::kTenant));
    if (!OfInstallation(actor) && of_itself) {
      return core::Fail(ErrorCode::kForbidden, "this is set by whoever runs the installation");
    }
  }
  return std::move(rows[0]);
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
  const Change<BudgetRow> change{.before = {}, .after = budget};
  SB_CHECK_OK(Write(actor, change, [&](store::Transaction& transaction) {
    return InsertBudget(transaction, budget);
  }));
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
    return {};
  };
  SB_CHECK_OK(Write(actor, change, work));
  SB_CHECK_OK(Apply(change.after->subject, MomentOf(actor.now)));
  return change;
}

core::Result<Change<BudgetRow>> Settings::DeleteBudget(const Actor& actor, const std::string& id) {
  Change<BudgetRow> change;
  const auto work = [&](store::Transaction& transaction) -> core::Status {
    SB_TRY(change.before, Own(transaction, actor, id, true));
    return quota::DeleteBudget(transaction, id);
  };
  SB_CHECK_OK(Write(actor, change, work));
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

std::optional<BudgetState> Settings::StateOf(const BudgetRow& row, core::WallTime now) const {
  SubjectKey key;
  std::string name;
  const auto kind = ReadSubject(row.subject, key.id, name);
  if (!kind) {
    return std::nullopt;
  }
  key.kind = *kind;
  key.name = name;
  Budget* budget = FindBudget(registry_.Find(key), row.window);
  return budget == nullptr ? std::nullopt
                           : std::optional(budget->StateAt(now.time_since_epoch().count()));
}

core::Result<bool> Settings::AddCredit(const Actor& actor, const std::string& budget,
                                       const Credit& credit) {
  if (std::abs(credit.amount) > kMostAmount || credit.note.size() > kMostText ||
      credit.id.size() > kMostText) {
    return core::Fail(ErrorCode::kInvalidRequest, "the credit is too large", "amount");
  }
  Credit named = credit;
  named.id = credit.id.empty() ? NewId<core::Id<CreditTag>>(actor.now.wall).Text()
                               : TenantOf(actor) + "/" + credit.id;
  const std::int64_t wall = MomentOf(actor.now).wall;
  std::string subject;
  Change<CreditRow> change;  // nothing, when it was said before
  const auto work = [&](store::Transaction& transaction) -> core::Status {
    change = {};
    SB_TRY(const BudgetRow row, Own(transaction, actor, budget, true));
    subject = row.subject;
    SB_TRY(const cctz::time_zone zone, LoadZone(row.zone));
    const std::int64_t start = WindowAt(row.window, zone, wall).start;
    SB_TRY(const bool fresh, InsertCredit(transaction, budget, start, named, actor.now.wall));
    if (fresh) {
      change.after = CreditRow{.budget = row, .credit = credit};
    }
    return {};
  };
  SB_CHECK_OK(Write(actor, change, work));
  SB_CHECK_OK(Apply(subject, MomentOf(actor.now)));
  return change.after.has_value();
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
    return {};
  };
  SB_CHECK_OK(Write(actor, change, work));
  SB_CHECK_OK(Apply(meant.code, MomentOf(actor.now)));
  return change;
}

core::Result<std::vector<LimitRow>> Settings::ListLimits(const Actor& actor,
                                                         const std::string& after,
                                                         std::int64_t most) {
  const auto tenant = Sees(actor);
  return ReadLimits(sql_, {.tenant = tenant, .after = after, .most = most});
}

// All rows of one subject, read again: whoever comes later has read what came before.
core::Status Settings::Apply(const std::string& code, const Moment& now) {
  const std::lock_guard lock(mutex_);
  SettingRows rows;
  SB_TRY(rows.budgets, ReadBudgets(sql_, {.subject = code}));
  SB_TRY(rows.limits, ReadLimits(sql_, {.subject = code}));
  for (const BudgetRow& row : rows.budgets) {
    SB_CHECK_OK(ReadCredits(sql_, row.id, rows.credits));
  }
  return ApplyRows(code, rows, now);
}

core::Status Settings::ApplyRows(const std::string& code, const SettingRows& rows,
                                 const Moment& now) {
  SubjectKey key;
  std::string name;
  SB_TRY(key.kind, ReadSubject(code, key.id, name));
  key.name = name;
  Rule rule;
  for (const LimitRow& row : rows.limits) {
    rule.limits = row.limits;
  }
  for (const BudgetRow& row : rows.budgets) {
    SB_TRY(Calendar * calendar, registry_.CalendarFor(row.window, row.zone, now.wall));
    const auto alert_at = static_cast<__int128>(row.amount) * row.alert_ppm / kPpm;
    rule.budgets[static_cast<std::size_t>(row.window)] =
        BudgetTerms{.limit = row.amount,
                    .alert_at = static_cast<std::int64_t>(alert_at),
                    .hard = row.hard,
                    .known_prices_only = row.hard && !row.any_price,
                    .calendar = calendar};
  }
  registry_.SetSetting(key, rule, now);
  for (const BudgetRow& row : rows.budgets) {
    Budget* budget = FindBudget(registry_.Find(key), row.window);
    const std::int64_t start = budget->StateAt(now.wall).start;
    const auto credit = rows.credits.find({row.id, start});
    budget->SetCredit(start, credit == rows.credits.end() ? 0 : credit->second, now.wall);
  }
  if (rule.empty()) {
    applied_.erase(code);
  } else {
    applied_.insert(code);
  }
  return {};
}

core::Status Settings::Refresh(const request::Instant& now) {
  const std::lock_guard lock(mutex_);
  SB_TRY(const std::int64_t epoch, ReadEpoch(sql_));
  if (epoch == epoch_) {
    return {};
  }
  std::map<std::string, SettingRows> subjects;
  for (const std::string& code : applied_) {
    subjects[code];  // what is gone is taken away
  }
  SB_TRY(std::vector<BudgetRow> budgets, ReadBudgets(sql_, {}));
  SB_TRY(std::vector<LimitRow> limits, ReadLimits(sql_, {}));
  SettingRows::Credits credits;
  SB_CHECK_OK(ReadCredits(sql_, std::nullopt, credits));
  for (BudgetRow& row : budgets) {
    SettingRows& rows = subjects[row.subject];
    const auto from = credits.lower_bound({row.id, 0});
    for (auto at = from; at != credits.end() && at->first.first == row.id; ++at) {
      rows.credits.insert(*at);
    }
    rows.budgets.push_back(std::move(row));
  }
  for (LimitRow& row : limits) {
    subjects[row.subject].limits.push_back(std::move(row));
  }
  for (const auto& [code, rows] : subjects) {
    SB_CHECK_OK(ApplyRows(code, rows, MomentOf(now)));
  }
  epoch_ = epoch;
  return {};
}

}  // namespace signalbox::quota
