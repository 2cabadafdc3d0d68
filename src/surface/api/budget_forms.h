// What is sent and shown of budgets.
//
// Owner: plain data. Threads: any. Errors: those of the forms. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>

#include "pipeline/quota/settings.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"
#include "surface/api/quota_asked.h"

namespace signalbox::api {

struct BudgetView {
  std::string id;
  std::optional<std::string> tenant;
  std::string subject;
  quota::Window window = quota::Window::kDay;
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

  static const config::Table<BudgetView>& Members();
  static BudgetView Of(const quota::BudgetRow& row);
  void Add(const quota::BudgetState& state);
};

struct NewBudgetForm {
  SubjectForm subject;
  quota::Window window = quota::Window::kDay;
  std::string zone = "UTC";
  Dollars amount_usd;
  double alert_at = 0.8;
  bool hard = true;
  bool any_price = false;

  static const config::Table<NewBudgetForm>& Members();
};

struct BudgetPatchForm {
  std::optional<std::int64_t> version;
  std::optional<Dollars> amount_usd;
  std::optional<double> alert_at;
  std::optional<bool> hard;
  std::optional<bool> any_price;

  static const config::Table<BudgetPatchForm>& Members();
};

struct CreditForm {
  std::string id;
  Dollars amount_usd;
  std::string note;

  static const config::Table<CreditForm>& Members();
};

}  // namespace signalbox::api
