#include "vendors/providers/sim/answerer.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/providers/sim/compose.h"
#include "vendors/providers/sim/embedding.h"
#include "vendors/providers/sim/media_facts.h"
#include "vendors/providers/sim/script_run.h"
#include "vendors/providers/sim/tokens.h"

namespace signalbox::sim {
namespace {

constexpr std::int64_t kPerMessage = 3;
constexpr std::int64_t kAnswerStart = 3;
constexpr std::int64_t kMaxChoices = 128;

std::int64_t CountPart(const chat::Part& part) {
  struct Counter {
    std::int64_t operator()(const chat::Text& text) const { return CountTokens(text.text); }
    std::int64_t operator()(const chat::Refusal& refusal) const {
      return CountTokens(refusal.text);
    }
    std::int64_t operator()(const chat::Reasoning&) const { return 0; }
    std::int64_t operator()(const chat::Media& media) const { return CountMediaTokens(media); }
    std::int64_t operator()(const chat::ToolCall& call) const {
      return CountTokens(call.name) + CountTokens(call.arguments);
    }
    std::int64_t operator()(const chat::ToolResult& result) const {
      std::int64_t count = 0;
      for (const auto& inner : result.parts) {
        count += CountPart(inner);
      }
      return count;
    }
    std::int64_t operator()(const chat::RawPart& raw) const { return CountTokens(raw.json); }
  };
  return std::visit(Counter{}, part.content);
}

chat::FinishReason FinishByName(std::string_view name) {
  return name == "length"           ? chat::FinishReason::kLength
         : name == "tool_calls"     ? chat::FinishReason::kToolCalls
         : name == "content_filter" ? chat::FinishReason::kContentFilter
                                    : chat::FinishReason::kStop;
}

// Cuts `text` before the first stop sequence; true when there was one.
bool CutAtStop(std::string& text, const std::vector<std::string>& stops, std::string& hit) {
  std::size_t first = std::string::npos;
  for (const auto& stop : stops) {
    const std::size_t at = stop.empty() ? std::string::npos : text.find(stop);
    if (at < first) {
      first = at;
      hit = stop;
    }
  }
  if (first == std::string::npos) {
    return false;
  }
  text.resize(first);
  return true;
}

void SetStreamedText(chat::Part& part, std::string text) {
  if (auto* said = std::get_if<chat::Text>(&part.content)) {
    said->text = std::move(text);
  } else if (auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    refusal->text = std::move(text);
  } else if (auto* reasoning = std::get_if<chat::Reasoning>(&part.content)) {
    reasoning->text = std::move(text);
  } else if (auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    call->arguments = std::move(text);
  }
}

// Keeps the first `room` tokens of `text` and takes them off `room`; true when something was cut.
bool CutToRoom(std::string& text, std::int64_t& room) {
  std::size_t end = 0;
  while (end < text.size()) {
    if (room == 0) {
      text.resize(end);
      return true;
    }
    end += FirstTokenSize(std::string_view(text).substr(end));
    --room;
  }
  return false;
}

// Applies stop sequences and the bound on output, and says why the choice ended.
void Finish(const chat::Request& request, const Effects* effects, chat::Choice& choice) {
  bool called = false;
  bool cut = false;
  std::int64_t room = request.sampling.max_output_tokens.value_or(INT64_MAX);
  room = std::max<std::int64_t>(room, 0);
  for (std::size_t i = 0; i < choice.parts.size() && !cut; ++i) {
    chat::Part& part = choice.parts[i];
    called = called || std::holds_alternative<chat::ToolCall>(part.content);
    if (auto* text = std::get_if<chat::Text>(&part.content)) {
      CutAtStop(text->text, request.sampling.stop, choice.stop_sequence);
    }
    std::string kept(StreamedText(part));
    cut = CutToRoom(kept, room);
    if (cut) {
      SetStreamedText(part, std::move(kept));
      choice.parts.resize(i + 1);
    }
  }
  choice.finish = cut      ? chat::FinishReason::kLength
                  : called ? chat::FinishReason::kToolCalls
                           : chat::FinishReason::kStop;
  if (effects != nullptr && !effects->finish_reason.empty()) {
    choice.finish = FinishByName(effects->finish_reason);
  }
}

std::int64_t CountReasoning(const chat::Choice& choice) {
  std::int64_t count = 0;
  for (const auto& part : choice.parts) {
    if (const auto* reasoning = std::get_if<chat::Reasoning>(&part.content)) {
      count += CountTokens(reasoning->text);
    }
  }
  return count;
}

chat::UsageReport CountUsage(const chat::Request& request, const chat::Response& response,
                             const Effects* effects) {
  chat::UsageReport usage;
  usage.tokens.input = CountInput(request);
  usage.tokens.output = 0;
  std::int64_t reasoning = 0;
  for (const auto& choice : response.choices) {
    usage.tokens.output += CountOutput(choice);
    reasoning += CountReasoning(choice);
  }
  usage.tokens.cached = 0;
  usage.tokens.reasoning = reasoning;
  if (effects != nullptr) {
    const auto put = [](std::int64_t scripted, std::int64_t& place) {
      place = scripted >= 0 ? scripted : place;
    };
    put(effects->usage.input, usage.tokens.input);
    put(effects->usage.output, usage.tokens.output);
    put(effects->usage.cached, usage.tokens.cached);
    put(effects->usage.reasoning, usage.tokens.reasoning);
  }
  usage.total = usage.tokens.input + usage.tokens.output;
  return usage;
}

}  // namespace

std::string_view BareModel(std::string_view model) {
  constexpr std::string_view kPrefix = "sim/";
  return model.starts_with(kPrefix) ? model.substr(kPrefix.size()) : model;
}

std::string_view StreamedText(const chat::Part& part) {
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    return text->text;
  }
  if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    return refusal->text;
  }
  if (const auto* reasoning = std::get_if<chat::Reasoning>(&part.content)) {
    return reasoning->text;
  }
  const auto* call = std::get_if<chat::ToolCall>(&part.content);
  return call != nullptr ? std::string_view(call->arguments) : std::string_view();
}

std::string LastUserText(const chat::Request& request) {
  const auto last = std::ranges::find(request.messages.rbegin(), request.messages.rend(),
                                      chat::Role::kUser, &chat::Message::role);
  std::string out;
  if (last == request.messages.rend()) {
    return out;
  }
  for (const auto& part : last->parts) {
    const auto* text = std::get_if<chat::Text>(&part.content);
    const auto* media = std::get_if<chat::Media>(&part.content);
    if (!out.empty() && (text != nullptr || media != nullptr)) {
      out += '\n';
    }
    if (text != nullptr) {
      out += text->text;
    } else if (media != nullptr) {
      AppendMediaFacts(out, *media);
    }
  }
  return out;
}

std::int64_t CountInput(const chat::Request& request) {
  std::int64_t count = kAnswerStart;
  for (const auto& message : request.messages) {
    count += kPerMessage + CountTokens(message.name);
    for (const auto& part : message.parts) {
      count += CountPart(part);
    }
  }
  for (const auto& tool : request.tools) {
    count += CountTokens(tool.name) + CountTokens(tool.description) + CountTokens(tool.parameters) +
             CountTokens(tool.json);
  }
  return count + CountTokens(request.response_format.schema);
}

std::int64_t CountOutput(const chat::Choice& choice) {
  std::int64_t count = 0;
  for (const auto& part : choice.parts) {
    count += CountTokens(StreamedText(part));
  }
  return count;
}

chat::Response Answer(const chat::Request& request, const std::string& prompt,
                      const Effects* effects, std::uint64_t seed) {
  chat::Response response;
  response.model = request.model;
  const std::int64_t wanted = request.sampling.n.value_or(1);
  for (std::int64_t i = 0; i < std::clamp<std::int64_t>(wanted, 1, kMaxChoices); ++i) {
    chat::Choice& choice = response.choices.emplace_back();
    choice.index = i;
    const std::uint64_t draw = Mix(seed, static_cast<std::uint64_t>(i));
    if (effects != nullptr && effects->answer) {
      ComposeScripted(*effects->answer, draw, choice);
    } else {
      Compose(request, prompt, draw, choice);
    }
    Finish(request, effects, choice);
  }
  response.usage = CountUsage(request, response, effects);
  return response;
}

chat::EmbeddingsResponse AnswerEmbeddings(const chat::EmbeddingsRequest& request) {
  chat::EmbeddingsResponse response;
  response.model = request.model;
  const auto wanted = request.dimensions.value_or(kDefaultDimensions);
  const auto dimensions = static_cast<std::size_t>(
      std::clamp<std::int64_t>(wanted, 1, static_cast<std::int64_t>(kMaxDimensions)));
  std::int64_t tokens = 0;
  for (const auto& input : request.inputs) {
    chat::Embedding& embedding = response.data.emplace_back();
    embedding.index = static_cast<std::int64_t>(response.data.size()) - 1;
    const bool by_token = !input.tokens.empty();
    tokens += by_token ? static_cast<std::int64_t>(input.tokens.size()) : CountTokens(input.text);
    const auto vector =
        Embed(by_token ? fmt::format("{}", fmt::join(input.tokens, " ")) : input.text, dimensions);
    if (request.encoding_format == "base64") {
      AppendPacked(embedding.vector, vector);
    } else {
      AppendNumbers(embedding.vector, vector);
    }
  }
  response.usage.emplace();
  response.usage->tokens.input = tokens;
  response.usage->total = tokens;
  return response;
}

}  // namespace signalbox::sim
