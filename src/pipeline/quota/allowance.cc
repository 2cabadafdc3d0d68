#include "pipeline/quota/allowance.h"

namespace signalbox::quota {

void ResolveInto(Registry& registry, const request::Parties& parties, Allowance& allowance) {
  allowance.subjects[0] = &registry.total();
  allowance.count = 1;
  const std::pair<SubjectKind, core::Uuid> ids[] = {
      {SubjectKind::kTenant, parties.tenant.uuid},   {SubjectKind::kTeam, parties.team.uuid},
      {SubjectKind::kUser, parties.user.uuid},       {SubjectKind::kKey, parties.key.uuid},
      {SubjectKind::kProject, parties.project.uuid},
  };
  for (const auto& [kind, id] : ids) {
    if (id != core::Uuid{}) {
      allowance.subjects[allowance.count++] = &registry.FindOrMake({kind, id, {}});
    }
  }
}

std::shared_ptr<request::Allowance> Resolve(Registry& registry, const request::Parties& parties) {
  auto allowance = std::make_shared<Allowance>();
  ResolveInto(registry, parties, *allowance);
  return allowance;
}

core::Uuid PayerOf(const request::Parties& parties) {
  return parties.user.uuid != core::Uuid{} ? parties.user.uuid : parties.key.uuid;
}

std::string_view NextTag(std::string_view& tags) {
  while (!tags.empty()) {
    const std::size_t comma = tags.find(',');
    std::string_view tag = tags.substr(0, comma);
    tags.remove_prefix(comma == tags.npos ? tags.size() : comma + 1);
    while (tag.starts_with(' ')) {
      tag.remove_prefix(1);
    }
    while (tag.ends_with(' ')) {
      tag.remove_suffix(1);
    }
    if (!tag.empty()) {
      return tag;
    }
  }
  return {};
}

}  // namespace signalbox::quota
