#include "vendors/dialects/openai_chat/foreign.h"

#include <fmt/format.h>

#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/wire/capable.h"

namespace signalbox::openai_chat {
namespace {

using chat::MediaKind;
using core::Status;

// The first that stands behind a URL and is no image; `path` grows by the way to it.
const chat::Media* FindByUrl(const std::vector<chat::Part>& parts, std::string& path) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const chat::Media* found = nullptr;
    if (const auto* media = std::get_if<chat::Media>(&parts[i].content)) {
      found = media->url.empty() || media->kind == MediaKind::kImage ? nullptr : media;
    } else if (const auto* result = std::get_if<chat::ToolResult>(&parts[i].content)) {
      found = FindByUrl(result->parts, path);
    }
    if (found != nullptr) {
      path.insert(0, fmt::format(".content[{}]", i));
      return found;
    }
  }
  return nullptr;
}

// The effort that a budget amounts to. The bounds are ours: no vendor states any.
std::string_view EffortOf(std::int64_t budget) {
  return budget <= 0 ? "none" : budget <= 4096 ? "low" : budget <= 16384 ? "medium" : "high";
}

// The effort to ask for; empty: none.
std::string_view Effort(const chat::Request& request) {
  const chat::ReasoningOptions& reasoning = request.reasoning;
  if (reasoning.enabled == false || reasoning.budget == 0) {
    return "none";
  }
  if (!reasoning.effort.empty()) {
    return reasoning.effort == "max" ? std::string_view("xhigh") : reasoning.effort;
  }
  if (reasoning.budget) {
    return EffortOf(*reasoning.budget);
  }
  return reasoning.enabled == true ? "medium" : std::string_view();  // some do not think unasked
}

}  // namespace

Status CheckFetched(const chat::Request& request, bool own) {
  for (std::size_t i = 0; !own && i < request.messages.size(); ++i) {
    std::string path;
    if (const chat::Media* media = FindByUrl(request.messages[i].parts, path)) {
      path.insert(0, fmt::format("messages[{}]", i));
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        fmt::format("{}: {} cannot carry {} by URL", path, kTitle,
                                    media->kind == MediaKind::kAudio ? "audio" : "documents"),
                        path);
    }
  }
  return {};
}

void RenderForeignReasoning(const chat::Request& request, const catalog::Capabilities& of,
                            std::vector<std::string>& dropped, json::Writer& out) {
  const chat::ReasoningOptions& reasoning = request.reasoning;
  // An effort is sent to whoever may know it, what is worked out to those that do.
  const bool thinks = of.Can(catalog::Ability::kEffort);
  const bool sent = thinks || (!reasoning.effort.empty() && !of.LacksThinking());
  const std::string_view effort =
      thinks ? of.NearestEffort(Effort(request)) : std::string_view(reasoning.effort);
  if (sent && !effort.empty()) {
    out.Key("reasoning_effort").String(effort);
  }
  if (!sent && !reasoning.effort.empty()) {
    wire::DropOnce("reasoning.effort", dropped);
  }
  if (!thinks && reasoning.budget) {
    wire::DropOnce("reasoning.budget", dropped);
  }
  if (!thinks && reasoning.enabled == true) {
    wire::DropOnce("reasoning.enabled", dropped);
  }
}

std::string TierWord(std::string_view tier) {
  if (tier == "auto" || tier == "default" || tier == "flex" || tier == "priority" ||
      tier == "scale") {
    return std::string(tier);
  }
  return tier.starts_with("standard") ? "default" : "";
}

}  // namespace signalbox::openai_chat
