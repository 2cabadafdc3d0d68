#include "vendors/providers/sim/sim_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"
#include "vendors/providers/sim/answerer.h"

namespace signalbox::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 7> kModels = {"canned",   "echo", "embed", "json",
                                                     "scripted", "slow", "tools"};

constexpr std::size_t kKeptBytes = 64 * 1024;  // of the document, from one request to the next

const Effects& PlainEffects() {
  static const Effects effects;
  return effects;
}

// sim/slow, unless a rule decides.
const Effects& SlowEffects() {
  static const Effects effects = [] {
    Effects slow;
    slow.first_token = 300ms;
    slow.tokens_per_second = 20;
    return slow;
  }();
  return effects;
}

const Effects& Chosen(const Verdict& verdict, std::string_view model) {
  return verdict.effects != nullptr ? *verdict.effects
         : model == "slow"          ? SlowEffects()
                                    : PlainEffects();
}

std::int64_t Seconds(core::WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

void SetBody(std::string body, Break ending, const Effects& effects, ServiceAnswer& answer) {
  answer.length = body.size();
  answer.body =
      std::make_unique<BodyStream>(WholeBody(std::move(body), ending), effects.slice, effects.drip);
}

ServiceAnswer Refusal(const core::Error& error) {
  ServiceAnswer answer;
  answer.status = core::HttpStatus(error.code);
  SetBody(openai_chat::ErrorBody(error), Break::kNone, PlainEffects(), answer);
  return answer;
}

// A whole body, damaged and broken off as the script says. `tokens`: how long the answer is.
void SetWhole(std::string body, std::int64_t tokens, const Effects& effects,
              ServiceAnswer& answer) {
  Damage(body, effects.malformed);
  const std::size_t size = body.size();
  Break ending = effects.breaks == Break::kError ? Break::kNone : effects.breaks;
  if (ending != Break::kNone) {
    const auto kept = std::min<std::int64_t>(effects.break_after, tokens);
    body.resize(size * static_cast<std::size_t>(kept) / static_cast<std::size_t>(tokens + 1));
  }
  SetBody(std::move(body), ending, effects, answer);
  answer.length = size;
}

// The answers that a rule gives without looking at the request any further. False: go on.
bool AnswerByRule(const Verdict& verdict, const Effects& effects, ServiceAnswer& answer) {
  answer.headers = effects.headers;
  answer.status = effects.status;
  answer.retry_after = effects.retry_after;
  answer.head_at = effects.delay;
  answer.bad_chunking = effects.malformed == Malformed::kChunking;
  if (verdict.retry_in && answer.retry_after.empty()) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*verdict.retry_in);
    answer.retry_after = std::to_string(wait.count());
  }
  if (effects.before_head) {
    answer.no_head = effects.breaks;
    return true;
  }
  if (effects.body) {
    SetWhole(*effects.body, 0, effects, answer);
    return true;
  }
  if (answer.status >= 400) {
    SetWhole(openai_chat::RenderVendorError(ErrorOf(effects, answer.status)), 0, effects, answer);
    return true;
  }
  return false;
}

core::Error Missing(const char* member) {
  return {core::ErrorCode::kInvalidRequest, fmt::format("{} is missing", member), member, {}};
}

void Add(const chat::UsageReport& more, chat::UsageReport& sum) {
  sum.tokens.input += more.tokens.input;
  sum.tokens.output += more.tokens.output;
  sum.total = sum.tokens.input + sum.tokens.output;
}

// Each prompt is answered as the one message of a chat; their choices follow each other.
chat::Response AnswerPrompts(const openai_chat::CompletionRequest& request, const Effects& effects,
                             std::uint64_t seed) {
  std::optional<chat::Response> all;
  for (const openai_chat::Prompt& prompt : request.prompts) {
    chat::Request one = request.request;
    chat::Message& message = one.messages.emplace_back();
    message.role = chat::Role::kUser;
    message.parts.push_back({.content = chat::Text{.text = prompt.text}});
    chat::Response response = Answer(one, prompt.text, &effects, seed);
    if (!all) {
      all = std::move(response);
      continue;
    }
    for (chat::Choice& choice : response.choices) {
      choice.index = static_cast<std::int64_t>(all->choices.size());
      all->choices.push_back(std::move(choice));
    }
    Add(*response.usage, *all->usage);
  }
  return *std::move(all);
}

std::string RequestId(std::uint64_t seed) {
  return fmt::format("simreq-{:016x}", Mix(seed, 1));
}

std::string Model(std::string_view id, std::int64_t created) {
  std::string out;
  json::Writer(out)
      .BeginObject()
      .Key("id")
      .String(id)
      .Key("object")
      .String("model")
      .Key("created")
      .Int(created)
      .Key("owned_by")
      .String("signalbox")
      .EndObject();
  return out;
}

}  // namespace

ServiceAnswer SimService::Handle(const ServiceRequest& request) {
  std::string_view path = request.path.substr(0, request.path.find('?'));
  if (path.starts_with("/v1/")) {
    path.remove_prefix(3);
  }
  const bool models = path == "/models" || path.starts_with("/models/");
  const auto handle = path == "/chat/completions" ? &SimService::HandleChat
                      : path == "/completions"    ? &SimService::HandleCompletions
                      : path == "/embeddings"     ? &SimService::HandleEmbeddings
                                                  : nullptr;
  if (!models && handle == nullptr) {
    return Refusal({core::ErrorCode::kNotFound,
                    "the simulated provider has /chat/completions, /completions, /embeddings and "
                    "/models",
                    {},
                    {}});
  }
  if (request.method != (models ? "GET" : "POST")) {
    return Refusal({core::ErrorCode::kMethodNotAllowed,
                    fmt::format("use {} here", models ? "GET" : "POST"),
                    {},
                    {}});
  }
  if (models) {
    return HandleModels(path, request.wall_now);
  }
  if (auto parsed = document_.Parse(request.body); !parsed) {
    return Refusal(parsed.error());
  }
  auto answer = (this->*handle)(request, path);
  document_.Shrink(kKeptBytes);
  return answer;
}

template <typename Answer>
ServiceAnswer SimService::Generate(const ServiceRequest& request, std::string_view path,
                                   const chat::Request& chat, const std::string& prompt,
                                   StreamForm form, Answer make_answer) {
  const std::string_view model = BareModel(chat.model);
  const bool streamed = chat.stream.value_or(false);
  const Verdict verdict =
      run_.Decide({model, path, prompt, request.headers, streamed}, request.now);
  const Effects& effects = Chosen(verdict, model);
  const std::uint64_t seed = Mix(HashText(request.body, run_.script().seed),
                                 static_cast<std::uint64_t>(chat.sampling.seed.value_or(0)));
  ServiceAnswer answer;
  answer.request_id = RequestId(seed);
  if (AnswerByRule(verdict, effects, answer)) {
    return answer;
  }
  const bool completion = form == StreamForm::kCompletions;
  chat::Response response = make_answer(effects, seed);
  response.id = fmt::format("{}-{:016x}", completion ? "cmpl" : "chatcmpl", seed);
  response.created = Seconds(request.wall_now);
  if (streamed) {
    answer.content_type = "text/event-stream";
    const bool with_usage = chat.stream_options.include_usage.value_or(false);
    answer.body = std::make_unique<BodyStream>(
        StreamedBody(std::move(response), with_usage, effects, form), effects.slice, effects.drip);
    return answer;
  }
  const std::int64_t tokens = CountOutput(response.choices.front());
  answer.head_at += TokenTime(effects, tokens);
  SetWhole(completion ? openai_chat::RenderCompletionAnswer(response)
                      : openai_chat::RenderAnswer(response),
           tokens, effects, answer);
  return answer;
}

ServiceAnswer SimService::HandleChat(const ServiceRequest& request, std::string_view path) {
  const auto chat = openai_chat::ParseRequest(document_.Root());
  if (!chat) {
    return Refusal(chat.error());
  }
  if (chat->model.empty() || chat->messages.empty()) {
    return Refusal(Missing(chat->model.empty() ? "model" : "messages"));
  }
  const std::string prompt = LastUserText(*chat);
  return Generate(request, path, *chat, prompt, StreamForm::kChat,
                  [&](const Effects& effects, std::uint64_t seed) {
                    return Answer(*chat, prompt, &effects, seed);
                  });
}

ServiceAnswer SimService::HandleCompletions(const ServiceRequest& request, std::string_view path) {
  const auto parsed = openai_chat::ParseCompletionRequest(document_.Root());
  if (!parsed) {
    return Refusal(parsed.error());
  }
  if (parsed->request.model.empty()) {
    return Refusal(Missing("model"));
  }
  const bool readable = std::ranges::all_of(
      parsed->prompts, [](const openai_chat::Prompt& prompt) { return prompt.tokens.empty(); });
  if (!readable) {
    return Refusal({core::ErrorCode::kInvalidRequest,
                    "prompt: the simulated provider reads texts, and no tokens",
                    "prompt",
                    {}});
  }
  return Generate(request, path, parsed->request, parsed->prompts.front().text,
                  StreamForm::kCompletions, [&](const Effects& effects, std::uint64_t seed) {
                    return AnswerPrompts(*parsed, effects, seed);
                  });
}

ServiceAnswer SimService::HandleEmbeddings(const ServiceRequest& request, std::string_view path) {
  const auto parsed = openai_chat::ParseEmbeddingsRequest(document_.Root());
  if (!parsed) {
    return Refusal(parsed.error());
  }
  const std::string_view message =
      parsed->inputs.empty() ? std::string_view() : parsed->inputs.front().text;
  const std::string_view model = BareModel(parsed->model);
  const Verdict verdict = run_.Decide({model, path, message, request.headers, false}, request.now);
  const Effects& effects = Chosen(verdict, model);
  ServiceAnswer answer;
  answer.request_id = RequestId(HashText(request.body, run_.script().seed));
  if (!AnswerByRule(verdict, effects, answer)) {
    auto response = AnswerEmbeddings(*parsed);
    SetWhole(openai_chat::RenderEmbeddingsAnswer(response, true), 1, effects, answer);
  }
  return answer;
}

ServiceAnswer SimService::HandleModels(std::string_view path, core::WallTime now) const {
  constexpr std::string_view kOne = "/models/";
  ServiceAnswer answer;
  std::string body;
  if (path.starts_with(kOne)) {
    body = Model(path.substr(kOne.size()), Seconds(now));
  } else {
    body = R"({"object":"list","data":[)";
    for (const auto& model : kModels) {
      body += &model == kModels.data() ? "" : ",";
      body += Model(model, Seconds(now));
    }
    body += "]}";
  }
  SetBody(std::move(body), Break::kNone, PlainEffects(), answer);
  return answer;
}

}  // namespace signalbox::sim
