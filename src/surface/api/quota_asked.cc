#include "surface/api/quota_asked.h"

namespace signalbox::api {

core::Result<quota::Settings*> SettingsOf(const Asked& asked) {
  if (asked.services.settings == nullptr) {
    return core::Fail(core::ErrorCode::kUnavailable, "limits and budgets are not kept here");
  }
  return asked.services.settings;
}

const config::Table<SubjectForm>& SubjectForm::Members() {
  static const auto table = [] {
    std::vector<config::Word> kinds;
    for (std::size_t i = 0; i < quota::kSubjectKinds; ++i) {
      const auto kind = static_cast<quota::SubjectKind>(i);
      kinds.emplace_back(std::string(quota::Name(kind)), kind);
    }
    return config::Table<SubjectForm>("Subject", "What a limit or a budget holds for.")
        .Add("kind", &SubjectForm::kind, {.doc = "Of what kind.", .names = std::move(kinds)})
        .Add("name", &SubjectForm::name,
             {.doc = "Its id, or the name of a provider, model, agent, tag or end user; empty for "
                     "total.",
              .max = 255});
  }();
  return table;
}

const config::Table<QuotaListForm>& QuotaListForm::Members() {
  static const auto table =
      config::Table<QuotaListForm>("QuotaListQuery", "A part of a list, in the order of ids.")
          .Add("after", &QuotaListForm::after, {.doc = "`next` of the part before.", .max = 100})
          .Add("limit", &QuotaListForm::limit, {.doc = "At most so many.", .min = 1, .max = 200});
  return table;
}

}  // namespace signalbox::api
