// Budgets: what a subject may spend in a window, what it has spent, and money beside it.
#include "pipeline/quota/settings.h"
#include "surface/api/all_routes.h"
#include "surface/api/quota_asked.h"

namespace signalbox::api {
namespace {

using config::Table;
using net::Method;
using quota::BudgetRow;
using quota::Window;
using request::Role;

constexpr std::int64_t kPpm = 1'000'000;

std::vector<config::Word> WindowWords() {
  return {{"day", Window::kDay},
          {"week", Window::kWeek},
          {"month", Window::kMonth},
          {"prepaid", Window::kPrepaid}};
}

std::int64_t PpmOf(double share) {
  return static_cast<std::int64_t>(share * kPpm + 0.5);
}

struct BudgetView {
  std::string id;
  std::optional<std::string> tenant;
  std::string subject;
  Window window = Window::kDay;
  std::string zone;
  Dollars amount_usd;
  double alert_at = 0.8;
  bool hard = true;
  bool any_price = false;
  std::optional<Moment> window_start;
  std::optional<Dollars> limit_usd;
  std::optional<Dollars> spent_usd;
  std::optional<Dollars> reserved_usd;
  std::optional<Dollars> uncertain_usd;
  std::optional<Dollars> credit_usd;
  Moment created;
  Moment changed;
  std::int64_t version = 0;

  static const Table<BudgetView>& Members();
  static BudgetView Of(const BudgetRow& row);
  void Add(const quota::BudgetState& state);
};

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
          .alert_at = static_cast<double>(row.alert_ppm) / kPpm,
          .hard = row.hard,
          .any_price = row.any_price,
          .created = {row.created},
          .changed = {row.changed},
          .version = row.version};
}

void BudgetView::Add(const quota::BudgetState& state) {
  window_start = Moment{core::WallTime(std::chrono::nanoseconds(state.start))};
  limit_usd = Dollars{state.limit};
  spent_usd = Dollars{state.spent};
  reserved_usd = Dollars{state.reserved};
  uncertain_usd = Dollars{state.uncertain};
  credit_usd = Dollars{state.credit};
}

struct NewBudgetForm {
  SubjectForm subject;
  Window window = Window::kDay;
  std::string zone = "UTC";
  Dollars amount_usd;
  double alert_at = 0.8;
  bool hard = true;
  bool any_price = false;

  static const Table<NewBudgetForm>& Members() {
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
};

struct BudgetPatchForm {
  std::optional<std::int64_t> version;
  std::optional<Dollars> amount_usd;
  std::optional<double> alert_at;
  std::optional<bool> hard;
  std::optional<bool> any_price;

  static const Table<BudgetPatchForm>& Members() {
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
};

struct CreditForm {
  std::string id;
  Dollars amount_usd;
  std::string note;

  static const Table<CreditForm>& Members() {
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
};

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
