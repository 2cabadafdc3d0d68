// Erasure: what the ledger knows of a key, a user or an end user, taken out turn by turn.
#include <fmt/format.h>

#include "base/json/writer.h"
#include "pipeline/ledger/digest.h"
#include "pipeline/ledger/erasure.h"
#include "surface/api/all_routes.h"
#include "surface/api/field_types.h"
#include "surface/api/noted.h"
#include "surface/api/period_form.h"

namespace signalbox::api {
namespace {

using config::Table;
using ledger::Dimension;
using net::Method;
using request::Role;

// A turn holds one of the pool's threads.
constexpr std::chrono::seconds kTurn{2};
constexpr std::size_t kHashDigits = 16;

struct ErasureForm {
  Dimension kind = Dimension::kEndUser;
  std::string name;
  std::string after;

  static const Table<ErasureForm>& Members() {
    static const auto table =
        Table<ErasureForm>("Erasure", "Of whom nothing is to be known any more.")
            .Add("kind", &ErasureForm::kind,
                 {.doc = "What it is.",
                  .names = {{"end_user", Dimension::kEndUser},
                            {"user", Dimension::kUser},
                            {"key", Dimension::kKey}},
                  .required = true})
            .Add("name", &ErasureForm::name,
                 {.doc = "A user's or key's id, or the end user's name.",
                  .min = 1,
                  .max = 255,
                  .required = true})
            .Add("after", &ErasureForm::after,
                 {.doc = "`next` of the answer before, to go on.", .max = 100});
    return table;
  }
};

struct ErasedView {
  std::uint64_t calls = 0;
  std::uint64_t sums = 0;
  std::optional<std::string> next;

  static const Table<ErasedView>& Members() {
    static const auto table =
        Table<ErasedView>("Erased", "What one turn has done.")
            .Add("calls", &ErasedView::calls, {.doc = "Calls that are nobody's now."})
            .Add("sums", &ErasedView::sums, {.doc = "Sums of usage that are gone; taken last."})
            .Add("next", &ErasedView::next,
                 {.doc = "Ask again with it as `after`; null: there is nothing left."});
    return table;
  }
};

// As the trail has it: an end user's name would stay there for ever.
std::string SubjectText(const ledger::Subject& subject) {
  if (subject.kind != Dimension::kEndUser) {
    return subject.value;
  }
  ledger::Hasher hasher;
  hasher.Add(std::as_bytes(std::span(subject.value)));
  return "end_user#" + ledger::HexOf(hasher.Finish()).substr(0, kHashDigits);
}

// Where the turn begins. The name is not in it.
std::string TurnText(const ErasureForm& form) {
  std::string text;
  json::Writer writer(text);
  writer.BeginObject().Key("from").String(form.after.empty() ? "the newest" : form.after);
  writer.EndObject();
  return text;
}

core::Result<ErasedView> Erase(const Asked& asked, const ErasureForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  ledger::Subject subject{.scope = {}, .kind = form.kind, .value = form.name};
  SB_TRY(subject.scope, LedgerScopeOf(asked));
  ledger::ErasureTurn turn{.after = {}, .time = kTurn};
  if (!form.after.empty()) {
    turn.after = ledger::RequestCursor::Parse(form.after);
    if (!turn.after) {
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        "after: expected what `next` of the answer before said", "after");
    }
  }
  Note note(asked, "erasure.turn");
  SB_CHECK_OK(note.Tell(subject.scope.tenant.value_or(request::TenantId()), SubjectText(subject),
                        "", TurnText(form)));
  const auto erased = ledger::Erase(*sql, subject, asked.now, turn);
  if (!erased) {
    note.Failed(erased.error());
    return std::unexpected(erased.error());
  }
  return ErasedView{.calls = erased->calls,
                    .sums = erased->sums,
                    .next = erased->next ? std::optional(erased->next->Text()) : std::nullopt};
}

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/erasures", Rule::Of(Role::kAdmin), "erase",
     "Takes a key, a user or an end user out of the ledger, a turn at a time.", Takes<&Erase>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes ErasureRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
