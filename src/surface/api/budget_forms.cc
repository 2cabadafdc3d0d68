#include "surface/api/budget_forms.h"

namespace signalbox::api {
namespace {

using config::Table;
using quota::BudgetRow;
using quota::Window;

std::vector<config::Word> WindowWords() {
  return {{"day", Window::kDay},
          {"week", Window::kWeek},
          {"month", Window::kMonth},
          {"prepaid", Window::kPrepaid}};
}

}  // namespace

const Table<BudgetView>& BudgetView::Members() {
  using B = BudgetView;
  static const auto table =
      Table<B>("Budget", "What a subject may spend in a window, and what it has spent.")
          .Add("id", &B::id, {.doc = "Its id."})
          .Add("tenant", &B::tenant, {.doc = "Whose it is; null: the installation's."})
          .Add("subject", &B::subject, {.doc = "What it holds for, as a code."})
          .Add("window", &B::window, {.doc = "How long it runs.", .names = WindowWords()})
          .Add("zone", &B::zone, {.doc = "In whose days."})
          .Add("amount_usd", &B::amount_usd, {.doc = "What may be spent."})
          .Add("alert_at", &B::alert_at, {.doc = "The share at which somebody is told."})
          .Add("hard", &B::hard, {.doc = "Whether calls are refused when it is spent."})
          .Add("any_price", &B::any_price, {.doc = "Also calls that nobody can price."})
          .Add("window_start", &B::window_start, {.doc = "Of the window that runs now."})
          .Add("limit_usd", &B::limit_usd, {.doc = "In it, with the money beside it."})
          .Add("spent_usd", &B::spent_usd, {.doc = "In it, what is uncertain included."})
          .Add("reserved_usd", &B::reserved_usd, {.doc = "By calls under way."})
          .Add("uncertain_usd", &B::uncertain_usd, {.doc = "Of what is spent."})
          .Add("credit_usd", &B::credit_usd, {.doc = "Money beside the amount, in it alone."})
          .Add("created", &B::created, {.doc = "When it was made."})
          .Add("changed", &B::changed, {.doc = "When it was changed last."})
          .Add("version", &B::version, {.doc = "One more with every change."});
  return table;
}

BudgetView BudgetView::Of(const BudgetRow& row) {
  return {.id = row.id,
          .tenant = row.tenant.empty() ? std::nullopt : std::optional(row.tenant),
          .subject = row.subject,
          .window = row.window,
          .zone = row.zone,
          .amount_usd = {row.amount},
          .alert_at = static_cast<double>(row.alert_ppm) / quota::kPpm,
          .hard = row.hard,
          .any_price = row.any_price,
          .created = {row.created},
          .changed = {row.changed},
          .version = row.version};
}

void BudgetView::Add(const quota::BudgetState& state) {
  window_start = Moment{core::WallTime(std::chrono::nanoseconds(state.start))};
  limit_usd = Dollars{state.limit};
  spent_usd = Dollars{state.all()};
  reserved_usd = Dollars{state.reserved};
  uncertain_usd = Dollars{state.uncertain};
  credit_usd = Dollars{state.credit};
}

const Table<NewBudgetForm>& NewBudgetForm::Members() {
  using B = NewBudgetForm;
  static const auto table =
      Table<B>("NewBudget", "A budget to make; a subject has one of each window.")
          .Sub("subject", &B::subject, SubjectForm::Members())
          .Add("window", &B::window, {.doc = "How long it runs.", .names = WindowWords()})
          .Add("zone", &B::zone, {.doc = "In whose days, such as Europe/Berlin.", .max = 64})
          .Add("amount_usd", &B::amount_usd, {.doc = "What may be spent.", .required = true})
          .Add("alert_at", &B::alert_at,
               {.doc = "The share at which somebody is told.", .min = 0, .max = 1})
          .Add("hard", &B::hard, {.doc = "Whether calls are refused when it is spent."})
          .Add("any_price", &B::any_price, {.doc = "Also calls that nobody can price."});
  return table;
}

const Table<BudgetPatchForm>& BudgetPatchForm::Members() {
  using B = BudgetPatchForm;
  static const auto table =
      Table<B>("BudgetPatch", "What is to be different; the rest stays.")
          .Add("version", &B::version, {.doc = "The version that is changed."})
          .Add("amount_usd", &B::amount_usd, {.doc = "What may be spent."})
          .Add("alert_at", &B::alert_at,
               {.doc = "The share at which somebody is told.", .min = 0, .max = 1})
          .Add("hard", &B::hard, {.doc = "Whether calls are refused when it is spent."})
          .Add("any_price", &B::any_price, {.doc = "Also calls that nobody can price."});
  return table;
}

const Table<CreditForm>& CreditForm::Members() {
  using C = CreditForm;
  static const auto table =
      Table<C>("NewCredit", "Money beside a budget's amount, in the window that runs now.")
          .Add("id", &C::id,
               {.doc = "The caller's own, so that it may be said twice and counts once.",
                .max = 100})
          .Add("amount_usd", &C::amount_usd, {.doc = "How much.", .required = true})
          .Add("note", &C::note, {.doc = "What for.", .max = 500});
  return table;
}

}  // namespace signalbox::api
