#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/suspects.h"

namespace signalbox::openai_chat {
namespace {

using json::Value;

constexpr std::size_t kKeepBytes = 16 * 1024;

// `error` with something in it, or the older {"object":"error", …}.
bool IsError(const Value& root) {
  if (const auto error = root.Find("error"); error && !error->IsNull()) {
    return true;
  }
  const auto object = root.Find("object");
  std::string scratch;
  return object && object->AsText(scratch) == "error";
}

FrameFacts Look(const Value& root) {
  FrameFacts facts;
  facts.bill = ReadBill(root);
  facts.has_usage = facts.bill.usage.known();
  const auto choices = root.Find("choices");
  const bool has_choices = choices && choices->IsArray() && choices->FirstChild();
  facts.usage_only = facts.has_usage && !has_choices;
  facts.error = IsError(root);
  return facts;
}

}  // namespace

FrameFacts StreamObserver::Observe(std::string_view data) {
  if (data.starts_with("[DONE]")) {
    return {.done = true, .bill = {}};
  }
  if (!MayMatter(data) || !document_.Parse(data)) {
    return {};
  }
  const Value root = document_.Root();
  const FrameFacts facts = root.IsObject() ? Look(root) : FrameFacts{};
  document_.Shrink(kKeepBytes);
  return facts;
}

}  // namespace signalbox::openai_chat
