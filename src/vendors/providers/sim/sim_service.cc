#include "vendors/providers/sim/sim_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/providers/sim/answerer.h"
#include "vendors/providers/sim/model_list.h"
#include "vendors/providers/sim/ranking.h"
#include "vendors/providers/sim/vendor_media.h"

namespace signalbox::sim {
namespace {

using namespace std::chrono_literals;

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

ServiceAnswer Refusal(const core::Error& error, const wire::Dialect& dialect) {
  ServiceAnswer answer;
  answer.status = core::HttpStatus(error.code);
  SetBody(dialect.RenderError({.status = answer.status, .error = error, .vendor = {}}),
          Break::kNone, PlainEffects(), answer);
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
bool AnswerByRule(const Verdict& verdict, const Effects& effects, const wire::Dialect& dialect,
                  ServiceAnswer& answer) {
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
    SetWhole(dialect.RenderError(ErrorOf(effects, answer.status, dialect)), 0, effects, answer);
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

// What the vendors' own ids begin with.
std::string_view IdPrefix(std::string_view dialect) {
  return dialect == "openai_chat"          ? "chatcmpl-"
         : dialect == "openai_completions" ? "cmpl-"
         : dialect == "openai_responses"   ? "resp_"
         : dialect == "anthropic"          ? "msg_"
                                           : "";
}

// As rules match it: without the version of the API.
std::string_view BareOf(std::string_view path) {
  path = path.substr(0, path.find('?'));
  for (const std::string_view version : {"/v1", "/v1beta", "/v2"}) {
    if (path.starts_with(version) && path.substr(version.size()).starts_with('/')) {
      return path.substr(version.size());
    }
  }
  return path;
}

}  // namespace

ServiceAnswer SimService::Handle(const ServiceRequest& request) {
  const std::string_view path = request.path.substr(0, request.path.find('?'));
  if (request.method == "GET") {
    if (auto list = ModelList(path, Seconds(request.wall_now))) {
      ServiceAnswer answer;
      SetBody(*std::move(list), Break::kNone, PlainEffects(), answer);
      return answer;
    }
  }
  auto route = FindRoute(request.path);
  const wire::Dialect& dialect = route ? *route->dialect : openai_chat::TheDialect();
  const bool lists = ModelList(path, 0).has_value();
  if (!lists && !route) {
    return Refusal({core::ErrorCode::kNotFound,
                    "the simulated provider has no such path; docs/sim.md lists those that it has",
                    {},
                    {}},
                   dialect);
  }
  if (request.method != "POST" || (lists && !route)) {
    return Refusal({core::ErrorCode::kMethodNotAllowed,
                    fmt::format("use {} here", lists ? "GET" : "POST"),
                    {},
                    {}},
                   dialect);
  }
  RefineByModel(*route);
  const bool json = request.body.starts_with("{");
  if (route->operation == chat::Operation::kTranscriptions && !json) {
    document_.Shrink(0);
    auto answer = route->dialect == &openai_chat::TheDialect() ? HandleMedia(request, *route)
                                                               : HandleVendorMedia(request, *route);
    return answer ? *std::move(answer) : Refusal(answer.error(), dialect);
  }
  if (auto parsed = document_.Parse(request.body); !parsed) {
    return Refusal(parsed.error(), dialect);
  }
  RefineRoute(document_.Root(), *route);
  RefineByModalities(document_.Root(), *route);
  auto answer = Dispatch(request, *route);
  document_.Shrink(kKeptBytes);
  return answer ? *std::move(answer) : Refusal(answer.error(), dialect);
}

core::Result<ServiceAnswer> SimService::Dispatch(const ServiceRequest& request,
                                                 const Route& route) {
  switch (route.operation) {
    case chat::Operation::kCompletions:
      return HandleCompletions(request, route);
    case chat::Operation::kEmbeddings:
      return HandleEmbeddings(request, route);
    case chat::Operation::kRerank:
      return HandleRerank(request, route);
    case chat::Operation::kCountTokens:
      return HandleCount(request, route);
    case chat::Operation::kModerations:
    case chat::Operation::kImages:
    case chat::Operation::kSpeech:
    case chat::Operation::kTranscriptions:
      return route.dialect == &openai_chat::TheDialect() ? HandleMedia(request, route)
                                                         : HandleVendorMedia(request, route);
    default:
      return HandleChat(request, route);
  }
}

Verdict SimService::Decide(const ServiceRequest& request, std::string_view model,
                           std::string_view message, bool streamed) {
  return run_.Decide({BareModel(model), BareOf(request.path), message, request.headers, streamed},
                     request.now);
}

template <typename Answer>
ServiceAnswer SimService::Generate(const ServiceRequest& request, const Route& route,
                                   const chat::Request& chat, const std::string& prompt,
                                   Answer make_answer) {
  const bool streamed = chat.stream.value_or(false);
  const Verdict verdict = Decide(request, chat.model, prompt, streamed);
  const Effects& effects = Chosen(verdict, BareModel(chat.model));
  const std::uint64_t seed = Mix(HashText(request.body, run_.script().seed),
                                 static_cast<std::uint64_t>(chat.sampling.seed.value_or(0)));
  const wire::Dialect& dialect = *route.dialect;
  ServiceAnswer answer;
  answer.request_id = RequestId(seed);
  if (AnswerByRule(verdict, effects, dialect, answer)) {
    return answer;
  }
  chat::Response response = make_answer(effects, seed);
  response.id = fmt::format("{}{:016x}", IdPrefix(dialect.name()), seed);
  response.created = Seconds(request.wall_now);
  if (streamed) {
    answer.content_type = wire::ContentType(route.framing);
    // OpenAI's own form is the one whose callers have to ask for usage.
    const bool asks = dialect.name() == "openai_chat" || dialect.name() == "openai_completions";
    const StreamForm form{.dialect = dialect,
                          .framing = route.framing,
                          .with_usage = !asks || chat.stream_options.include_usage.value_or(false)};
    answer.body = std::make_unique<BodyStream>(StreamedBody(std::move(response), effects, form),
                                               effects.slice, effects.drip);
    return answer;
  }
  const std::int64_t tokens = CountOutput(response.choices.front());
  answer.head_at += TokenTime(effects, tokens);
  SetWhole(dialect.RenderAnswer(response), tokens, effects, answer);
  return answer;
}

core::Result<ServiceAnswer> SimService::HandleChat(const ServiceRequest& request,
                                                   const Route& route) {
  SB_TRY(const chat::Envelope envelope, route.dialect->ReadEnvelope(document_, route.operation));
  SB_TRY(chat::Request chat, route.dialect->ParseRequest(document_.Root()));
  chat.model = route.model.empty() ? envelope.model : route.model;
  chat.stream = route.streamed.value_or(envelope.stream);
  if (chat.model.empty() || chat.messages.empty()) {
    return std::unexpected(Missing(chat.model.empty() ? "model" : "messages"));
  }
  const std::string prompt = LastUserText(chat);
  return Generate(request, route, chat, prompt, [&](const Effects& effects, std::uint64_t seed) {
    return Answer(chat, prompt, &effects, seed);
  });
}

core::Result<ServiceAnswer> SimService::HandleCompletions(const ServiceRequest& request,
                                                          const Route& route) {
  SB_TRY(const openai_chat::CompletionRequest parsed,
         openai_chat::ParseCompletionRequest(document_.Root()));
  if (parsed.request.model.empty()) {
    return std::unexpected(Missing("model"));
  }
  const bool readable = std::ranges::all_of(
      parsed.prompts, [](const openai_chat::Prompt& prompt) { return prompt.tokens.empty(); });
  if (!readable) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "prompt: the simulated provider reads texts, and no tokens", "prompt");
  }
  return Generate(request, route, parsed.request, parsed.prompts.front().text,
                  [&](const Effects& effects, std::uint64_t seed) {
                    return AnswerPrompts(parsed, effects, seed);
                  });
}

core::Result<ServiceAnswer> SimService::HandleEmbeddings(const ServiceRequest& request,
                                                         const Route& route) {
  SB_TRY(chat::EmbeddingsRequest parsed, route.dialect->ParseEmbeddingsRequest(document_.Root()));
  parsed.model = route.model.empty() ? parsed.model : route.model;
  const std::string_view message =
      parsed.inputs.empty() ? std::string_view() : parsed.inputs.front().text;
  return Answered(request, route, parsed.model, message, [&] {
    chat::EmbeddingsResponse response = AnswerEmbeddings(parsed);
    response.listed = parsed.listed;
    response.dialect = "sim";  // nobody's own
    return route.dialect->RenderEmbeddingsAnswer(response);
  });
}

core::Result<ServiceAnswer> SimService::HandleRerank(const ServiceRequest& request,
                                                     const Route& route) {
  SB_TRY(chat::RerankRequest parsed, route.dialect->ParseRerankRequest(document_.Root()));
  parsed.model = route.model.empty() ? parsed.model : route.model;
  return Answered(request, route, parsed.model, parsed.query, [&] {
    chat::RerankResponse response = AnswerRerank(parsed);
    response.id = RequestId(HashText(request.body, run_.script().seed));
    return route.dialect->RenderRerankAnswer(response);
  });
}

core::Result<ServiceAnswer> SimService::HandleCount(const ServiceRequest& request,
                                                    const Route& route) {
  SB_TRY(chat::Request parsed, route.dialect->ParseCountRequest(document_.Root()));
  parsed.model = route.model.empty() ? parsed.model : route.model;
  return Answered(request, route, parsed.model, LastUserText(parsed),
                  [&] { return route.dialect->RenderCountAnswer(CountInput(parsed)); });
}

core::Result<MediaAnswer> SimService::MakeMedia(const ServiceRequest& request, const Route& route) {
  switch (route.operation) {
    case chat::Operation::kModerations:
      return AnswerModeration(document_.Root(),
                              fmt::format("{:016x}", HashText(request.body, run_.script().seed)));
    case chat::Operation::kImages:
      return AnswerImages(document_.Root(), Seconds(request.wall_now));
    case chat::Operation::kSpeech:
      return AnswerSpeech(document_.Root());
    default:
      return AnswerTranscription(*request.form);
  }
}

core::Result<ServiceAnswer> SimService::HandleMedia(const ServiceRequest& request,
                                                    const Route& route) {
  const bool upload = route.operation == chat::Operation::kTranscriptions;
  std::string model;
  std::string text;
  if (!upload) {
    const auto named = document_.Root().Find("model");
    model = named ? named->AsString().value_or("") : std::string();
    text = TextOf(document_.Root());
  } else if (request.form == nullptr || !request.form->problem().empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, request.form == nullptr
                                                            ? "multipart/form-data was expected"
                                                            : std::string(request.form->problem()));
  } else {
    model = request.form->Get("model");
    text = request.form->file_name();
  }
  if (model.empty()) {
    return std::unexpected(Missing("model"));
  }
  SB_TRY(MediaAnswer made, MakeMedia(request, route));
  ServiceAnswer answer =
      Answered(request, route, model, text, [&] { return std::move(made.body); });
  if (answer.status < 400) {
    answer.content_type = made.content_type;
  }
  return answer;
}

// A file that was sent as it is was not read as JSON.
core::Result<ServiceAnswer> SimService::HandleVendorMedia(const ServiceRequest& request,
                                                          const Route& route) {
  const json::Value root = document_.Root();
  const bool json = root.IsObject();
  SB_TRY(MediaAnswer made, AnswerVendorMedia(route, json ? &root : nullptr, request.body));
  const std::string text = json ? VendorTextOf(root) : std::string();
  ServiceAnswer answer =
      Answered(request, route, route.model, text, [&] { return std::move(made.body); });
  if (answer.status < 400) {
    answer.content_type = made.content_type;
  }
  return answer;
}

template <typename Render>
ServiceAnswer SimService::Answered(const ServiceRequest& request, const Route& route,
                                   std::string_view model, std::string_view message,
                                   Render render) {
  const Verdict verdict = Decide(request, model, message, false);
  const Effects& effects = Chosen(verdict, BareModel(model));
  ServiceAnswer answer;
  answer.request_id = RequestId(HashText(request.body, run_.script().seed));
  if (!AnswerByRule(verdict, effects, *route.dialect, answer)) {
    SetWhole(render(), 1, effects, answer);
  }
  return answer;
}

}  // namespace signalbox::sim
