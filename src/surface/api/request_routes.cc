// Single requests: what became of one, and lists of them.
#include "pipeline/ledger/print.h"
#include "pipeline/ledger/reconcile.h"
#include "pipeline/ledger/request_query.h"
#include "surface/api/all_routes.h"
#include "surface/api/field_types.h"
#include "surface/api/noted.h"
#include "surface/api/period_form.h"
#include "surface/api/request_story.h"

namespace signalbox::api {
namespace {

using config::Table;
using core::ErrorCode;
using ledger::Outcome;
using net::Method;
using request::Role;

struct RequestListForm {
  std::string tenant;
  std::string since;
  std::string until;
  request::KeyId key;
  request::UserId user;
  request::TeamId team;
  request::ProjectId project;
  std::string provider;
  std::string model;
  std::string agent;
  std::string session;
  std::string end_user;
  std::string tag;
  std::optional<Outcome> outcome;
  std::string after;
  std::uint32_t limit = 50;

  static const Table<RequestListForm>& Members();
};

const Table<RequestListForm>& RequestListForm::Members() {
  using F = RequestListForm;
  static const auto table =
      Table<F>("RequestQuery", "A part of the list of settled attempts, newest first.")
          .Add("tenant", &F::tenant, {.doc = std::string(kTenantDoc)})
          .Add("since", &F::since, {.doc = kSinceDoc, .max = 40})
          .Add("until", &F::until, {.doc = kUntilDoc, .max = 40})
          .Add("key", &F::key, {.doc = "Made with that key."})
          .Add("user", &F::user, {.doc = "Booked on that user."})
          .Add("team", &F::team, {.doc = "Booked on that team."})
          .Add("project", &F::project, {.doc = "Booked on that project."})
          .Add("provider", &F::provider, {.doc = "Sent to that provider.", .max = 255})
          .Add("model", &F::model, {.doc = "To that model, as the provider knows it.", .max = 255})
          .Add("agent", &F::agent, {.doc = "For that agent.", .max = 255})
          .Add("session", &F::session, {.doc = "Of that session.", .max = 255})
          .Add("end_user", &F::end_user, {.doc = "For that end user.", .max = 255})
          .Add("tag", &F::tag, {.doc = "With that tag.", .max = 255})
          .Add("outcome", &F::outcome,
               {.doc = "That ended so.",
                .names = {{"ok", Outcome::kOk},
                          {"failed", Outcome::kFailed},
                          {"cancelled", Outcome::kCancelled},
                          {"uncertain", Outcome::kUncertain}}})
          .Add("after", &F::after, {.doc = "`next` of the part before.", .max = 100})
          .Add("limit", &F::limit, {.doc = "At most so many.", .min = 1, .max = 500});
  return table;
}

ledger::RequestFilter FilterOf(const RequestListForm& form) {
  return {.parties = {.tenant = {},
                      .key = form.key,
                      .user = form.user,
                      .team = form.team,
                      .project = form.project},
          .labels = {.end_user = form.end_user,
                     .agent = form.agent,
                     .session = form.session,
                     .tags = form.tag},
          .provider = form.provider,
          .model = form.model,
          .operation = {},
          .outcome = form.outcome};
}

core::Result<ledger::RequestQuery> QueryOf(const Asked& asked, const RequestListForm& form) {
  ledger::RequestQuery query{.filter = FilterOf(form), .after = {}, .most = form.limit};
  SB_TRY(query.scope, LedgerScopeOf(asked));
  SB_TRY(query.period, PeriodOf(asked, form.since, form.until));
  query.kept = asked.services.kept ? asked.services.kept() : ledger::Kept();
  if (!form.after.empty()) {
    query.after = ledger::RequestCursor::Parse(form.after);
    if (!query.after) {
      return core::Fail(ErrorCode::kInvalidRequest,
                        "after: expected what `next` of the part before said", "after");
    }
  }
  return query;
}

core::Result<Download> ListRequests(const Asked& asked, const RequestListForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  SB_TRY(const auto query, QueryOf(asked, form));
  Download out{.type = "application/json", .text = {}};
  json::Writer writer(out.text);
  writer.BeginObject().Key("data").BeginArray();
  std::string row;
  SB_TRY(const auto next, ledger::ListRequests(*sql, query, [&](const ledger::Record& record) {
           row.clear();
           ledger::PrintJson(record, row);
           writer.Raw(row);
           return core::Status();
         }));
  writer.EndArray().Key("next");
  next ? writer.String(next->Text()) : writer.Null();
  writer.EndObject();
  return out;
}

core::Result<core::RequestId> RequestOf(const Asked& asked) {
  const auto id = core::RequestId::Parse(asked.parameters.front());
  if (!id) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "a request's id looks like req_0190… with 32 digits, as "
                      "x-signalbox-request-id has it");
  }
  return *id;
}

core::Result<std::optional<std::string>> Tell(const Asked& asked, core::RequestId id) {
  return TellRequest({.records = asked.services.records, .data = asked.services.data}, id,
                     Scope(asked.principal), asked.now);
}

core::Result<Download> GetRequest(const Asked& asked) {
  SB_TRY(const auto id, RequestOf(asked));
  SB_TRY(auto told, Tell(asked, id));
  if (!told) {
    return core::Fail(ErrorCode::kNotFound,
                      "the ledger has no request of that id: none was made, no model was called "
                      "for it, or its records are older than retention.requests");
  }
  return Download{.type = "application/json", .text = *std::move(told)};
}

struct TruthForm {
  std::uint32_t attempt = 1;
  Outcome outcome = Outcome::kOk;
  Dollars cost_usd;
  std::optional<std::int64_t> input_tokens;
  std::optional<std::int64_t> output_tokens;

  static const Table<TruthForm>& Members();
};

const Table<TruthForm>& TruthForm::Members() {
  using F = TruthForm;
  static const auto table =
      Table<F>("RequestTruth", "How an uncertain attempt ended after all.")
          .Add("attempt", &F::attempt, {.doc = "Which of the request's attempts.", .min = 1})
          .Add("outcome", &F::outcome,
               {.doc = "How it ended.",
                .names = {{"ok", Outcome::kOk},
                          {"failed", Outcome::kFailed},
                          {"cancelled", Outcome::kCancelled}},
                .required = true})
          .Add("cost_usd", &F::cost_usd,
               {.doc = "What the vendor billed; 0: nothing.", .required = true})
          .Add("input_tokens", &F::input_tokens, {.doc = "Tokens sent, if known.", .min = 0})
          .Add("output_tokens", &F::output_tokens, {.doc = "Tokens answered, if known.", .min = 0});
  return table;
}

ledger::Record TruthOf(const ledger::Record& row, const TruthForm& form) {
  ledger::Record truth = row;
  truth.outcome = form.outcome;
  truth.cost_nano_usd = form.cost_usd.nano;
  truth.cost_stated = true;
  if (form.input_tokens || form.output_tokens) {
    truth.usage.input = form.input_tokens.value_or(-1);
    truth.usage.output = form.output_tokens.value_or(-1);
    truth.usage_source = ledger::UsageSource::kVendor;
  }
  return truth;
}

// An attempt as the store has it, and as it is to be.
struct Correction {
  ledger::Record truth;
  std::string before;
  std::string after;
  bool uncertain = false;  // as it stands
};

core::Result<Correction> CorrectionOf(store::Sql& sql, core::RequestId id, const TruthForm& form) {
  std::optional<Correction> found;
  SB_CHECK_OK(ledger::FindAttempts(sql, {}, id, [&](const ledger::Record& row) -> core::Status {
    if (row.attempt == form.attempt) {
      Correction& correction = found.emplace();
      correction.truth = TruthOf(row, form);
      correction.uncertain = row.outcome == Outcome::kUncertain;
      ledger::PrintJson(row, correction.before);
      ledger::PrintJson(correction.truth, correction.after);
      ledger::Record& truth = correction.truth;
      truth.provider = truth.model = truth.principal = {};  // views of the row
      truth.labels = {};
    }
    return {};
  }));
  if (!found) {
    return core::Fail(ErrorCode::kNotFound,
                      "the database has no such attempt: it has not got there yet, or is older "
                      "than retention.requests");
  }
  return *std::move(found);
}

core::Result<Download> ReconcileRequest(const Asked& asked, const TruthForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  SB_TRY(const auto id, RequestOf(asked));
  if (form.cost_usd.nano < 0) {
    return core::Fail(ErrorCode::kInvalidRequest, "cost_usd: expected 0 or more", "cost_usd");
  }
  SB_TRY(Correction correction, CorrectionOf(*sql, id, form));
  if (!correction.uncertain) {
    return core::Fail(ErrorCode::kConflict,
                      "how that attempt ended is known; only uncertain ones are settled");
  }
  Note note(asked, "request.reconcile");
  SB_CHECK_OK(note.Tell(correction.truth.parties.tenant, id.Text(), std::move(correction.before),
                        std::move(correction.after)));
  const auto settled = ledger::Reconcile(*sql, correction.truth, asked.now);
  if (!settled) {
    note.Failed(settled.error());
    return std::unexpected(settled.error());
  }
  if (*settled && asked.services.corrected) {
    SB_CHECK_OK(ledger::FindAttempts(*sql, {}, id, [&](const ledger::Record& row) -> core::Status {
      if (row.attempt == form.attempt) {
        asked.services.corrected(row);
      }
      return {};
    }));
  }
  return GetRequest(asked);
}

constexpr Route kRoutes[] = {
    {Method::kGet, "/api/requests", Rule::Of(Role::kViewer), "listRequests",
     "Settled attempts, newest first; a part may be short although there is more.",
     Reads<&ListRequests>()},
    {Method::kGet, "/api/requests/{id}", Rule::Of(Role::kViewer), "getRequest",
     "What became of a request: its attempts, what they used, what it cost.", Does<&GetRequest>()},
    {Method::kPost, "/api/requests/{id}/reconcile", Rule::OfInstallation(Role::kAdmin),
     "reconcileRequest",
     "Books the truth about an attempt that nobody knew the end of, as the vendor's bill has it.",
     Asks<&ReconcileRequest>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes RequestRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
