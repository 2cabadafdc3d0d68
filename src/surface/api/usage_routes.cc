// What was used and what it cost, from the rollups.
#include "surface/api/all_routes.h"
#include "surface/api/period_form.h"
#include "surface/api/usage_views.h"

namespace signalbox::api {
namespace {

using config::Table;
using ledger::Dimension;
using ledger::Step;
using ledger::UsageOrder;
using net::Method;
using request::Role;

constexpr const char* kByDoc = "What it is added up by.";

std::vector<config::Word> DimensionWords() {
  std::vector<config::Word> words;
  for (std::size_t i = 0; i < ledger::kDimensions; ++i) {
    const auto dimension = static_cast<Dimension>(i);
    words.emplace_back(std::string(ledger::Name(dimension)), dimension);
  }
  return words;
}

struct TopForm {
  std::string tenant;
  Dimension by = Dimension::kModel;
  std::string since;
  std::string until;
  UsageOrder order = UsageOrder::kCost;
  std::uint32_t limit = 50;

  static const Table<TopForm>& Members() {
    static const auto table =
        Table<TopForm>("UsageQuery", "Who or what used most.")
            .Add("tenant", &TopForm::tenant, {.doc = std::string(kTenantDoc)})
            .Add("by", &TopForm::by, {.doc = kByDoc, .names = DimensionWords()})
            .Add("since", &TopForm::since, {.doc = kSinceDoc, .max = 40})
            .Add("until", &TopForm::until, {.doc = kUntilDoc, .max = 40})
            .Add("order", &TopForm::order,
                 {.doc = "By what the first are chosen.",
                  .names = {{"cost", UsageOrder::kCost},
                            {"calls", UsageOrder::kCalls},
                            {"tokens", UsageOrder::kTokens}}})
            .Add("limit", &TopForm::limit, {.doc = "At most so many.", .min = 1, .max = 1000});
    return table;
  }
};

struct TotalForm {
  std::string tenant;
  Dimension by = Dimension::kTotal;
  std::string value;
  std::string since;
  std::string until;

  static const Table<TotalForm>& Members() {
    static const auto table =
        Table<TotalForm>("UsageTotalQuery", "What was used in all.")
            .Add("tenant", &TotalForm::tenant, {.doc = std::string(kTenantDoc)})
            .Add("by", &TotalForm::by, {.doc = kByDoc, .names = DimensionWords()})
            .Add("value", &TotalForm::value, {.doc = "Of that one alone.", .max = 600})
            .Add("since", &TotalForm::since, {.doc = kSinceDoc, .max = 40})
            .Add("until", &TotalForm::until, {.doc = kUntilDoc, .max = 40});
    return table;
  }
};

struct SeriesForm {
  std::string tenant;
  Dimension by = Dimension::kTotal;
  std::string value;
  std::optional<Step> step;
  std::string zone = "UTC";
  std::string since;
  std::string until;

  static const Table<SeriesForm>& Members() {
    static const auto table =
        Table<SeriesForm>("UsageSeriesQuery", "What was used over time.")
            .Add("tenant", &SeriesForm::tenant, {.doc = std::string(kTenantDoc)})
            .Add("by", &SeriesForm::by, {.doc = kByDoc, .names = DimensionWords()})
            .Add("value", &SeriesForm::value, {.doc = "Of that one alone.", .max = 600})
            .Add("step", &SeriesForm::step,
                 {.doc = "How long a step is; left out: about a hundred of them.",
                  .names = {{"minute", Step::kMinute},
                            {"hour", Step::kHour},
                            {"day", Step::kDay},
                            {"week", Step::kWeek},
                            {"month", Step::kMonth}}})
            .Add("zone", &SeriesForm::zone,
                 {.doc = "In whose days and weeks, such as Europe/Berlin.", .max = 64})
            .Add("since", &SeriesForm::since, {.doc = kSinceDoc, .max = 40})
            .Add("until", &SeriesForm::until, {.doc = kUntilDoc, .max = 40});
    return table;
  }
};

core::Result<ledger::UsageQuery> QueryOf(const Asked& asked, Dimension by, const std::string& since,
                                         const std::string& until) {
  SB_TRY(auto scope, LedgerScopeOf(asked));
  SB_TRY(const auto period, PeriodOf(asked, since, until));
  return ledger::UsageQuery{.scope = scope,
                            .by = by,
                            .period = period,
                            .kept = asked.services.kept ? asked.services.kept() : ledger::Kept()};
}

core::Result<Page<UsageView>> TopUsage(const Asked& asked, const TopForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  SB_TRY(const auto query, QueryOf(asked, form.by, form.since, form.until));
  SB_TRY(const auto rows, ledger::TopUsage(*sql, query, form.order, form.limit));
  Page<UsageView> page;
  for (const ledger::UsageRow& row : rows) {
    page.data.push_back(UsageView::Of(row.value, row.totals));
  }
  return page;
}

core::Result<UsageView> TotalUsage(const Asked& asked, const TotalForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  SB_TRY(const auto query, QueryOf(asked, form.by, form.since, form.until));
  SB_TRY(const auto totals, ledger::UsageOf(*sql, query, form.value));
  return UsageView::Of(form.value, totals);
}

core::Result<Page<UsagePointView>> UsageOverTime(const Asked& asked, const SeriesForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  SB_TRY(const auto query, QueryOf(asked, form.by, form.since, form.until));
  const Step step = form.step.value_or(ledger::ChooseStep(query.period));
  SB_TRY(const auto points, ledger::UsageSeries(*sql, query, form.value, step, form.zone));
  Page<UsagePointView> page;
  for (const ledger::UsagePoint& point : points) {
    page.data.push_back(UsagePointView::Of(point));
  }
  return page;
}

constexpr Route kRoutes[] = {
    {Method::kGet, "/api/usage", Rule::Of(Role::kViewer), "topUsage",
     "Who or what used most: by model, key, user, team, agent, tag and more.", Reads<&TopUsage>()},
    {Method::kGet, "/api/usage/total", Rule::Of(Role::kViewer), "totalUsage",
     "What was used in all, or by one.", Reads<&TotalUsage>()},
    {Method::kGet, "/api/usage/series", Rule::Of(Role::kViewer), "usageSeries",
     "What was used over time, in steps of a zone.", Reads<&UsageOverTime>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes UsageRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
