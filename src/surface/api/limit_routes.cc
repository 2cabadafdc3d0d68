// Limits of single subjects: how many requests and tokens, how many calls at once.
#include "surface/api/all_routes.h"
#include "surface/api/quota_asked.h"

namespace signalbox::api {
namespace {

using config::Table;
using net::Method;
using quota::LimitRow;
using quota::LimitRule;
using quota::Rate;
using request::Role;

using Number = std::optional<std::uint32_t>;

struct LimitNumbers {
  Number requests_per_minute;
  Number requests_per_hour;
  Number tokens_per_minute;
  Number tokens_per_hour;
  Number burst;
  Number concurrent;

  static const Table<LimitNumbers>& Members() {
    using L = LimitNumbers;
    static const auto table =
        Table<L>("LimitNumbers", "What is left out or null does not hold for the subject itself.")
            .Add("requests_per_minute", &L::requests_per_minute, {.doc = "Requests in a minute."})
            .Add("requests_per_hour", &L::requests_per_hour, {.doc = "Requests in an hour."})
            .Add("tokens_per_minute", &L::tokens_per_minute, {.doc = "Tokens in a minute."})
            .Add("tokens_per_hour", &L::tokens_per_hour, {.doc = "Tokens in an hour."})
            .Add("burst", &L::burst, {.doc = "Requests at once, after a rest."})
            .Add("concurrent", &L::concurrent, {.doc = "Requests under way at the same time."});
    return table;
  }
  static LimitNumbers Of(const LimitRule& rule) {
    const auto rate = [&](Rate which) { return rule.rates[static_cast<std::size_t>(which)]; };
    return {.requests_per_minute = rate(Rate::kRequestsPerMinute),
            .requests_per_hour = rate(Rate::kRequestsPerHour),
            .tokens_per_minute = rate(Rate::kTokensPerMinute),
            .tokens_per_hour = rate(Rate::kTokensPerHour),
            .burst = rule.burst,
            .concurrent = rule.concurrent};
  }
  LimitRule ToRule() const {
    return {.rates = {requests_per_minute, requests_per_hour, tokens_per_minute, tokens_per_hour},
            .burst = burst,
            .concurrent = concurrent};
  }
};

struct LimitView {
  std::string id;
  std::optional<std::string> tenant;
  std::string subject;
  LimitNumbers limits;
  Moment changed;
  std::int64_t version = 0;

  static const Table<LimitView>& Members() {
    using L = LimitView;
    static const auto table =
        Table<L>("Limit", "What holds for a subject; those above it hold besides.")
            .Add("id", &L::id, {.doc = "Its id."})
            .Add("tenant", &L::tenant, {.doc = "Whose it is; null: the installation's."})
            .Add("subject", &L::subject, {.doc = "What it holds for, as a code."})
            .Sub("limits", &L::limits, LimitNumbers::Members())
            .Add("changed", &L::changed, {.doc = "When it was changed last."})
            .Add("version", &L::version, {.doc = "One more with every change."});
    return table;
  }
  static LimitView Of(const LimitRow& row) {
    return {.id = row.id,
            .tenant = row.tenant.empty() ? std::nullopt : std::optional(row.tenant),
            .subject = row.subject,
            .limits = LimitNumbers::Of(row.limits),
            .changed = {row.changed},
            .version = row.version};
  }
};

struct LimitForm {
  SubjectForm subject;
  LimitNumbers limits;

  static const Table<LimitForm>& Members() {
    static const auto table =
        Table<LimitForm>("LimitPut", "All limits of a subject; none takes them away.")
            .Sub("subject", &LimitForm::subject, SubjectForm::Members())
            .Sub("limits", &LimitForm::limits, LimitNumbers::Members());
    return table;
  }
};

core::Result<Page<LimitView>> ListLimits(const Asked& asked, const QuotaListForm& form) {
  SB_TRY(auto* settings, SettingsOf(asked));
  SB_TRY(const auto rows,
         settings->ListLimits(QuotaActorOf(asked), form.after, form.limit + std::int64_t{1}));
  Page<LimitView> page;
  for (const LimitRow& row : rows) {
    if (page.data.size() == form.limit) {
      page.next = page.data.back().id;
      break;
    }
    page.data.push_back(LimitView::Of(row));
  }
  return page;
}

core::Result<LimitNumbers> PutLimits(const Asked& asked, const LimitForm& form) {
  SB_TRY(auto* settings, SettingsOf(asked));
  NotedSetting<LimitView> noted(asked, "limit.set");
  SB_TRY(const auto change,
         settings->SetLimits(noted.actor(), form.subject.ToName(), form.limits.ToRule()));
  return LimitNumbers::Of(change.after ? change.after->limits : LimitRule());
}

constexpr Route kRoutes[] = {
    {Method::kGet, "/api/limits", Rule::Of(Role::kViewer), "listLimits",
     "The limits that were set for single subjects.", Reads<&ListLimits>()},
    {Method::kPut, "/api/limits", Rule::Of(Role::kAdmin), "putLimits",
     "Sets all limits of a subject at once.", Asks<&PutLimits>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes LimitRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
