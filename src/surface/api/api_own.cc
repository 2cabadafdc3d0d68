// What a worker answers by itself, without the pool.
#include "base/json/writer.h"
#include "surface/api/api.h"
#include "surface/api/form.h"
#include "surface/api/metrics_handler.h"
#include "surface/api/model_list.h"
#include "surface/api/openapi.h"

namespace signalbox::api {
namespace {

using core::ErrorCode;
using net::Method;
using request::Role;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kIndexText =
    "Signalbox is running.\n\n"
    "  POST /v1/chat/completions   OpenAI; also /v1/responses, /v1/completions, /v1/embeddings\n"
    "  POST /v1/moderations        OpenAI; also /v1/images/generations, /v1/audio/speech,\n"
    "                              /v1/audio/transcriptions, /v1/audio/translations\n"
    "  POST /v1/messages           Anthropic; also /v1/messages/count_tokens\n"
    "  POST /v1beta/models/{model}:generateContent   Gemini; also :streamGenerateContent,\n"
    "                              :countTokens, :embedContent, :batchEmbedContents\n"
    "  POST /v2/chat               Cohere; also /v2/embed, /v2/rerank\n"
    "  POST /api/chat              Ollama; also /api/generate, /api/embed, GET /api/tags\n"
    "  POST /ai                    a prompt in, its answer out\n"
    "  GET  /v1/models\n"
    "  GET  /api/requests/{id}     what became of a request, and what it cost\n"
    "  GET  /api/health/targets    which providers, models and keys are well\n"
    "  GET  /metrics  /healthz  /readyz\n";

// Whose list of models a caller reads.
ListForm FormOf(const net::RequestHead& head) {
  if (head.path.starts_with("/v1beta/")) {
    return ListForm::kGemini;
  }
  if (head.path.starts_with("/api/")) {
    return ListForm::kOllama;
  }
  if (IsMistralClient(head.fields.Get("user-agent"))) {
    return ListForm::kMistral;
  }
  return head.fields.Find("anthropic-version") != nullptr ? ListForm::kAnthropic
                                                          : ListForm::kOpenAi;
}

}  // namespace

Routes Api::OwnRoutes() {
  static constexpr Route kRoutes[] = {
      {Method::kGet, "/", Rule::Open(), "index", "What there is, as text.", &Api::Index},
      {Method::kGet, "/healthz", Rule::Open(), "health", "Whether the process answers.",
       &Api::Health},
      {Method::kGet, "/readyz", Rule::Open(), "readiness",
       "Whether it takes new requests: 503 while it drains, and while its journal is full.",
       &Api::Ready},
      {Method::kGet, "/openapi.json", Rule::Open(), "openApi",
       "This description of the API (OpenAPI 3.1).", &Api::OpenApi},
      {Method::kGet, "/metrics", kMetricsRule, "metrics", "Metrics in Prometheus' text form.",
       &Api::Metrics},
      {Method::kGet, "/api/health/targets", kMetricsRule, "targetHealth",
       "Which providers, models and keys are well.", &Api::Targets},
      {Method::kGet, "/v1/models", Rule::Key(), "listModels",
       "The models that can be asked for, in the form of the client's vendor.", &Api::Models},
      {Method::kGet, "/v1/models/{model*}", Rule::Key(), "getModel", "One model.", &Api::Model},
      {Method::kGet, "/v1beta/models", Rule::Key(), "listGeminiModels",
       "The models in Gemini's form.", &Api::Models},
      {Method::kGet, "/v1beta/models/{model*}", Rule::Key(), "getGeminiModel",
       "One model in Gemini's form.", &Api::Model},
      {Method::kGet, "/api/tags", Rule::Key(), "listOllamaModels", "The models in Ollama's form.",
       &Api::Models},
      {Method::kGet, "/api/version", Rule::Key(), "ollamaVersion",
       "The version of Ollama's API that is spoken.", &Api::Version},
  };
  static_assert(
      std::ranges::count_if(kRoutes, [](const Route& route) { return route.rule.open(); }) <= 4,
      "open routes are a list of four at most");
  return kRoutes;
}

async::Task<void> Api::Index(net::ServerExchange& exchange, const Visit&) {
  co_await Answer(exchange, 200, "text/plain; charset=utf-8", std::string(kIndexText));
}

async::Task<void> Api::OpenApi(net::ServerExchange& exchange, const Visit&) {
  static const std::string kPage = OpenApiJson(AllRoutes());
  co_await Answer(exchange, 200, kJson, kPage);
}

async::Task<void> Api::Health(net::ServerExchange& exchange, const Visit&) {
  co_await Answer(exchange, 200, kJson, R"({"status":"ok"})");
}

async::Task<void> Api::Ready(net::ServerExchange& exchange, const Visit&) {
  if (!parts_.ready.load(std::memory_order_acquire)) {
    co_await Answer(exchange, 503, kJson, R"({"status":"draining"})");
  } else if (parts_.gateway.journal_full()) {
    co_await Answer(exchange, 503, kJson, R"({"status":"journal full"})");
  } else {
    co_await Answer(exchange, 200, kJson, R"({"status":"ready"})");
  }
}

async::Task<void> Api::Metrics(net::ServerExchange& exchange, const Visit&) {
  co_await Answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", parts_.metrics_text());
}

async::Task<void> Api::Targets(net::ServerExchange& exchange, const Visit&) {
  const execution::HealthReport report = co_await parts_.health(&exchange.cancellation());
  std::string body;
  json::Writer writer(body);
  report.Write(writer);
  co_await Answer(exchange, 200, kJson, std::move(body));
}

// What Ollama's clients ask for first.
async::Task<void> Api::Version(net::ServerExchange& exchange, const Visit&) {
  co_await Answer(exchange, 200, kJson, R"({"version":"0.12.0"})");
}

async::Task<void> Api::Models(net::ServerExchange& exchange, const Visit&) {
  co_await Answer(exchange, 200, kJson,
                  ModelList(parts_.gateway.lineup().targets(), FormOf(exchange.head())));
}

async::Task<void> Api::Model(net::ServerExchange& exchange, const Visit& visit) {
  auto entry = ModelEntry(parts_.gateway.lineup().targets(), PercentDecoded(visit.parameters[0]),
                          FormOf(exchange.head()));
  if (!entry) {
    co_await AnswerError(exchange, {ErrorCode::kNotFound,
                                    "no model of that name is listed; GET /v1/models lists them",
                                    "model",
                                    {}});
    co_return;
  }
  co_await Answer(exchange, 200, kJson, *std::move(entry));
}

}  // namespace signalbox::api
