#include "pipeline/ledger/row_filter.h"

#include <algorithm>

#include "io/store/text.h"
#include "vendors/chat/envelope.h"

namespace signalbox::ledger {
namespace {

using store::Param;

Param IdParam(const core::Uuid& uuid) {
  return uuid == core::Uuid{} ? Param() : Param(std::as_bytes(std::span(uuid.bytes)));
}

Param TextParam(std::string_view text) {
  return text.empty() ? Param() : Param(text);
}

}  // namespace

core::Uuid FirstIdAt(std::int64_t second) {
  auto milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(second, 0)) * 1000;
  core::Uuid uuid;
  for (int i = 5; i >= 0; --i) {
    uuid.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(milliseconds);
    milliseconds >>= 8U;
  }
  return uuid;
}

RowFilter::RowFilter(const Scope& scope, const RequestFilter& filter)
    : tenant_(scope.tenant.value_or(filter.parties.tenant)),
      parties_(filter.parties),
      tag_(filter.labels.tags) {
  const request::TenantId none;
  impossible_ = scope.tenant && parties_.tenant != none && parties_.tenant != *scope.tenant;
  const bool one = scope.tenant || parties_.tenant != none;
  tenant_text_ = one ? tenant_.Text() : std::string();
  tag_pattern_ = tag_.empty() ? std::string() : "%" + store::EscapeLike(tag_) + "%";
  const request::Labels& labels = filter.labels;
  params_ = {Param(),
             Param(),
             Param(),
             Param(),
             one ? Param(std::as_bytes(std::span(tenant_.uuid.bytes))) : Param(),
             IdParam(parties_.key.uuid),
             IdParam(parties_.user.uuid),
             IdParam(parties_.team.uuid),
             IdParam(parties_.project.uuid),
             TextParam(filter.provider),
             TextParam(filter.model),
             filter.operation ? Param(std::int64_t{*filter.operation}) : Param(),
             filter.outcome ? Param(static_cast<std::int64_t>(*filter.outcome)) : Param(),
             TextParam(labels.end_user),
             TextParam(labels.agent),
             TextParam(labels.session),
             TextParam(labels.task),
             TextParam(labels.feature),
             TextParam(labels.category),
             TextParam(labels.activity),
             TextParam(tag_pattern_)};
  Choose(filter);
}

Param RowFilter::tenant_text() const {
  return tenant_text_.empty() ? Param() : Param(std::string_view(tenant_text_));
}

void RowFilter::SetGuide(Dimension dimension, std::string value) {
  if (!value.empty() && guide_.dimension == Dimension::kTotal) {
    guide_ = {dimension, std::move(value)};
  }
}

// The first that is set; those with many values go first.
void RowFilter::Choose(const RequestFilter& filter) {
  const auto text = [](const auto& id) {
    return id.uuid == core::Uuid{} ? std::string() : id.Text();
  };
  const request::Labels& labels = filter.labels;
  SetGuide(Dimension::kEndUser, std::string(labels.end_user));
  SetGuide(Dimension::kKey, text(parties_.key));
  SetGuide(Dimension::kUser, text(parties_.user));
  SetGuide(Dimension::kTag, tag_);
  SetGuide(Dimension::kAgent, std::string(labels.agent));
  SetGuide(Dimension::kProject, text(parties_.project));
  SetGuide(Dimension::kTeam, text(parties_.team));
  SetGuide(Dimension::kTask, std::string(labels.task));
  SetGuide(Dimension::kFeature, std::string(labels.feature));
  SetGuide(Dimension::kActivity, std::string(labels.activity));
  SetGuide(Dimension::kCategory, std::string(labels.category));
  SetGuide(Dimension::kTenant, tenant_text_);
  if (!filter.provider.empty() && !filter.model.empty()) {
    SetGuide(Dimension::kTarget, std::string(filter.provider) + "/" + std::string(filter.model));
  }
  SetGuide(Dimension::kModel, std::string(filter.model));
  SetGuide(Dimension::kProvider, std::string(filter.provider));
  SetGuide(Dimension::kOutcome, filter.outcome ? std::string(Name(*filter.outcome)) : "");
  if (filter.operation) {
    SetGuide(Dimension::kOperation,
             std::string(chat::Name(static_cast<chat::Operation>(*filter.operation))));
  }
}

bool RowFilter::Matches(const Record& record) const {
  bool found = tag_.empty();
  if (!found) {
    VisitDimensions(record, [&](Dimension dimension, std::string_view value) {
      found = found || (dimension == Dimension::kTag && value == tag_);
    });
  }
  return found;
}

}  // namespace signalbox::ledger
