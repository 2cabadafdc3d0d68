// Budgets: what a subject may spend in a window, what it has spent, and money beside it.
#include "surface/api/all_routes.h"
#include "surface/api/budget_forms.h"

namespace signalbox::api {
namespace {

using net::Method;
using quota::BudgetRow;
using request::Role;

std::int64_t PpmOf(double share) {
  return static_cast<std::int64_t>(share * quota::kPpm + 0.5);
}

core::Result<BudgetView> Shown(const Asked& asked, const BudgetRow& row) {
  SB_TRY(auto* settings, SettingsOf(asked));
  BudgetView view = BudgetView::Of(row);
  if (const auto state = settings->StateOf(row, asked.now)) {
    view.Add(*state);
  }
  return view;
}

core::Result<Created<BudgetView>> CreateBudget(const Asked& asked, const NewBudgetForm& form) {
  SB_TRY(auto* settings, SettingsOf(asked));
  NotedSetting<BudgetView> noted(asked, "budget.create");
  SB_TRY(const auto row, settings->CreateBudget(noted.actor(), form.subject.ToName(),
                                                {.window = form.window,
                                                 .zone = form.zone,
                                                 .amount = form.amount_usd.nano,
                                                 .alert_ppm = PpmOf(form.alert_at),
                                                 .hard = form.hard,
                                                 .any_price = form.any_price}));
  SB_TRY(auto view, Shown(asked, row));
  return Created<BudgetView>{std::move(view)};
}

core::Result<Page<BudgetView>> ListBudgets(const Asked& asked, const QuotaListForm& form) {
  SB_TRY(auto* settings, SettingsOf(asked));
  SB_TRY(const auto rows,
         settings->ListBudgets(QuotaActorOf(asked), form.after, form.limit + std::int64_t{1}));
  Page<BudgetView> page;
  for (const BudgetRow& row : rows) {
    if (page.data.size() == form.limit) {
      page.next = page.data.back().id;
      break;
    }
    SB_TRY(auto view, Shown(asked, row));
    page.data.push_back(std::move(view));
  }
  return page;
}

core::Result<BudgetView> GetBudget(const Asked& asked) {
  SB_TRY(auto* settings, SettingsOf(asked));
  SB_TRY(const auto row, settings->GetBudget(QuotaActorOf(asked), asked.parameters.front()));
  return Shown(asked, row);
}

core::Result<BudgetView> UpdateBudget(const Asked& asked, const BudgetPatchForm& form) {
  SB_TRY(auto* settings, SettingsOf(asked));
  NotedSetting<BudgetView> noted(asked, "budget.update");
  SB_TRY(const auto change,
         settings->UpdateBudget(
             noted.actor(), asked.parameters.front(),
             {.amount = form.amount_usd ? std::optional(form.amount_usd->nano) : std::nullopt,
              .alert_ppm = form.alert_at ? std::optional(PpmOf(*form.alert_at)) : std::nullopt,
              .hard = form.hard,
              .any_price = form.any_price,
              .version = form.version}));
  return Shown(asked, *change.after);
}

core::Result<Done> DeleteBudget(const Asked& asked) {
  SB_TRY(auto* settings, SettingsOf(asked));
  NotedSetting<BudgetView> noted(asked, "budget.delete");
  SB_CHECK_OK(settings->DeleteBudget(noted.actor(), asked.parameters.front()));
  return Done{};
}

core::Result<BudgetView> AddCredit(const Asked& asked, const CreditForm& form) {
  SB_TRY(auto* settings, SettingsOf(asked));
  NotedSetting<BudgetView> noted(asked, "budget.credit", JsonOf(form));
  const quota::Actor actor = noted.actor();
  const std::string& id = asked.parameters.front();
  SB_CHECK_OK(settings->AddCredit(
      actor, id, {.id = form.id, .amount = form.amount_usd.nano, .note = form.note}));
  SB_TRY(const auto row, settings->GetBudget(actor, id));
  return Shown(asked, row);
}

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/budgets", Rule::Of(Role::kAdmin), "createBudget", "Makes a budget.",
     Asks<&CreateBudget>()},
    {Method::kGet, "/api/budgets", Rule::Of(Role::kViewer), "listBudgets",
     "Budgets with what is spent, reserved and left.", Reads<&ListBudgets>()},
    {Method::kGet, "/api/budgets/{id}", Rule::Of(Role::kViewer), "getBudget", "One budget.",
     Does<&GetBudget>()},
    {Method::kPatch, "/api/budgets/{id}", Rule::Of(Role::kAdmin), "updateBudget",
     "Changes what was sent of a budget; what is spent stays spent.", Asks<&UpdateBudget>()},
    {Method::kDelete, "/api/budgets/{id}", Rule::Of(Role::kAdmin), "deleteBudget",
     "Takes a budget away.", Does<&DeleteBudget>()},
    {Method::kPost, "/api/budgets/{id}/credits", Rule::Of(Role::kAdmin), "addCredit",
     "Adds money to the window that runs now, once for each id.", Asks<&AddCredit>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes BudgetRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
