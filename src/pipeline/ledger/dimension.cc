#include "pipeline/ledger/dimension.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "vendors/chat/envelope.h"

namespace signalbox::ledger {
namespace {

using Visit = std::function<void(Dimension, std::string_view)>;

constexpr std::array<std::string_view, kDimensions> kNames = {
    "total",   "tenant",   "provider", "model",    "target",    "key",
    "user",    "team",     "project",  "end_user", "agent",     "task",
    "feature", "category", "activity", "tag",      "operation", "outcome"};

template <typename Id>
void VisitId(const Visit& visit, Dimension dimension, const Id& id) {
  if (id == Id{}) {
    return;
  }
  char text[Id::kTextSize];
  id.Write(text);
  visit(dimension, {text, sizeof text});
}

void VisitText(const Visit& visit, Dimension dimension, std::string_view text) {
  if (!text.empty()) {
    visit(dimension, text);
  }
}

void VisitTarget(const Visit& visit, const Record& record) {
  char text[512];
  const std::size_t provider = std::min<std::size_t>(record.provider.size(), 255);
  const std::size_t model = std::min<std::size_t>(record.model.size(), 255);
  std::memcpy(text, record.provider.data(), provider);
  text[provider] = '/';
  std::memcpy(text + provider + 1, record.model.data(), model);
  visit(Dimension::kTarget, {text, provider + 1 + model});
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// Each once.
void VisitTags(const Visit& visit, std::string_view tags) {
  std::array<std::string_view, kMaxTags> seen;
  std::size_t count = 0;
  while (!tags.empty() && count < kMaxTags) {
    const std::size_t comma = std::min(tags.find(','), tags.size());
    const std::string_view tag = Trim(tags.substr(0, comma));
    tags.remove_prefix(std::min(comma + 1, tags.size()));
    if (!tag.empty() &&
        std::find(seen.begin(), seen.begin() + count, tag) == seen.begin() + count) {
      seen[count++] = tag;
      visit(Dimension::kTag, tag);
    }
  }
}

}  // namespace

std::string_view Name(Dimension dimension) {
  return kNames[static_cast<std::size_t>(dimension)];
}

void VisitDimensions(const Record& record, const Visit& visit) {
  visit(Dimension::kTotal, {});
  VisitId(visit, Dimension::kTenant, record.parties.tenant);
  VisitText(visit, Dimension::kProvider, record.provider);
  VisitText(visit, Dimension::kModel, record.model);
  VisitTarget(visit, record);
  VisitId(visit, Dimension::kKey, record.parties.key);
  VisitId(visit, Dimension::kUser, record.parties.user);
  VisitId(visit, Dimension::kTeam, record.parties.team);
  VisitId(visit, Dimension::kProject, record.parties.project);
  VisitText(visit, Dimension::kEndUser, record.labels.end_user);
  VisitText(visit, Dimension::kAgent, record.labels.agent);
  VisitText(visit, Dimension::kTask, record.labels.task);
  VisitText(visit, Dimension::kFeature, record.labels.feature);
  VisitText(visit, Dimension::kCategory, record.labels.category);
  VisitText(visit, Dimension::kActivity, record.labels.activity);
  VisitTags(visit, record.labels.tags);
  visit(Dimension::kOperation, chat::Name(static_cast<chat::Operation>(record.operation)));
  visit(Dimension::kOutcome, Name(record.outcome));
}

}  // namespace signalbox::ledger
