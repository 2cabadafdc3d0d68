#include "vendors/dialects/mistral/own_members.h"

#include <algorithm>

#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::mistral {
namespace {

struct Known {
  Place place;
  std::string_view key;
};

constexpr Known kKnown[] = {
    {Place::kRequest, "random_seed"},
    {Place::kRequest, "safe_prompt"},
    {Place::kRequest, "prompt_mode"},
    {Place::kRequest, "guardrails"},
    {Place::kMessage, "prefix"},
    {Place::kPart, "closed"},
    {Place::kCall, "index"},
    {Place::kEmbeddings, "output_dimension"},
    {Place::kEmbeddings, "output_dtype"},
    {Place::kEmbeddings, "metadata"},
};

constexpr std::string_view kParts[] = {"document_url", "reference", "file", "input_audio",
                                       "thinking"};

// Where in a request a path leads to.
Place PlaceOf(std::string_view path) {
  if (path.find(".content[") != std::string_view::npos) {
    return path.ends_with(".index") ? Place::kCall : Place::kPart;
  }
  return path.starts_with("messages[") ? Place::kMessage : Place::kRequest;
}

}  // namespace

Source SourceOf(std::string_view dialect) {
  return dialect == kDialect                ? Source::kOwn
         : dialect == openai_chat::kDialect ? Source::kOpenAi
                                            : Source::kForeign;
}

bool Knows(Place place, std::string_view key) {
  return std::ranges::any_of(
      kKnown, [&](const Known& known) { return known.place == place && known.key == key; });
}

void RenderKnown(Place place, const chat::Extra& extra, Source source, json::Writer& out) {
  for (const chat::Member& member : extra) {
    if (source == Source::kOwn || (source == Source::kOpenAi && Knows(place, member.key))) {
      out.Key(member.key).Raw(member.value);
    }
  }
}

void KeepKnown(std::vector<std::string>& dropped) {
  std::erase_if(dropped, [](const std::string& path) {
    const Place place = PlaceOf(path);
    const std::string_view key = std::string_view(path).substr(path.rfind('.') + 1);
    const bool top = path.find('.') == std::string::npos;
    return Knows(place, key) && top == (place == Place::kRequest);
  });
}

bool IsOwnPart(std::string_view type) {
  return std::ranges::find(kParts, type) != std::end(kParts);
}

}  // namespace signalbox::mistral
