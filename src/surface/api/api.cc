#include "surface/api/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json/writer.h"
#include "surface/api/http_sink.h"
#include "surface/api/http_upload.h"
#include "surface/api/model_list.h"
#include "surface/api/request_story.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::api {
namespace {

using core::ErrorCode;
using net::Method;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kModelsPrefix = "/v1/models/";
constexpr std::string_view kGeminiModelsPrefix = "/v1beta/models/";
constexpr std::string_view kRequestsPrefix = "/api/requests/";
constexpr std::chrono::seconds kLookTime{30};  // through the ledger
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

// Counts a request as being served for as long as it lives.
class InFlight {
 public:
  explicit InFlight(telemetry::Cell& cell) : cell_(cell) { cell_.Add(1); }
  ~InFlight() { cell_.Add(-1); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  telemetry::Cell& cell_;
};

CallHead CallHeadOf(const net::RequestHead& head) {
  return {head.path, head.query, head.fields.Get("user-agent")};
}

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

// Base URLs that miss /v1 or have it twice are what a new client gets wrong.
std::string NoSuchPath(std::string_view path) {
  constexpr std::string_view kVersion = "/v1";
  if (path.starts_with("/v1/v1/")) {
    return "there is no such path: /v1 stands in it twice; let the client's base URL end before it";
  }
  for (const std::string_view known :
       {"/chat/completions", "/completions", "/embeddings", "/models"}) {
    if (path == known) {
      return fmt::format("there is no such path; it is {}{}: let the client's base URL end with {}",
                         kVersion, known, kVersion);
    }
  }
  return "there is no such path; GET / lists what there is";
}

}  // namespace

// A route is declared with its access rule: there is no way to make one without.
struct Api::Route {
  constexpr Route(Method route_method, std::string_view route_path, Access route_access,
                  Answer route_answer)
      : method(route_method), path(route_path), access(route_access), answer(route_answer) {}
  Method method;
  std::string_view path;  // ends with '/' when it is the start of a family of paths
  Access access;
  Answer answer;
};

const Api::Route* Api::FindRoute(std::string_view path, Method method, std::string& allowed) {
  static constexpr std::array kRoutes = {
      Route{Method::kGet, "/v1/models", Access::kKey, &Api::Models},
      Route{Method::kGet, "/v1beta/models", Access::kKey, &Api::Models},
      Route{Method::kGet, "/api/tags", Access::kKey, &Api::Models},
      Route{Method::kGet, "/api/version", Access::kKey, &Api::Version},
      Route{Method::kGet, kModelsPrefix, Access::kKey, &Api::Model},
      Route{Method::kGet, kGeminiModelsPrefix, Access::kKey, &Api::Model},
      Route{Method::kGet, "/api/health/targets", Access::kKey, &Api::Targets},
      Route{Method::kGet, kRequestsPrefix, Access::kKey, &Api::Request},
      Route{Method::kGet, "/metrics", Access::kKey, &Api::Metrics},
      Route{Method::kGet, "/healthz", Access::kOpen, &Api::Health},
      Route{Method::kGet, "/readyz", Access::kOpen, &Api::Ready},
      Route{Method::kGet, "/", Access::kOpen, &Api::Index},
  };
  static_assert(std::ranges::count(kRoutes, Access::kOpen, &Route::access) <= 4,
                "open routes are a list of four at most");
  for (const Route& route : kRoutes) {
    const bool family = route.path.size() > 1 && route.path.ends_with('/');
    const bool matches = family ? path.size() > route.path.size() && path.starts_with(route.path)
                                : path == route.path;
    if (!matches) {
      continue;
    }
    if (route.method == method || (route.method == Method::kGet && method == Method::kHead)) {
      return &route;
    }
    allowed += allowed.empty() ? "" : ", ";
    allowed += route.method == Method::kGet ? "GET, HEAD" : Name(route.method);
  }
  return nullptr;
}

Api::Api(Parts parts) : parts_(std::move(parts)) {}

void Api::Adopt(std::shared_ptr<const AccessRules> access, const net::ServerLimits& limits) {
  parts_.access = std::move(access);
  parts_.body_limit = limits.body_bytes.bytes;
  parts_.held_limit = limits.held_bytes.bytes;
}

async::Task<void> Api::Handle(net::ServerExchange& exchange) {
  const net::RequestHead& head = exchange.head();
  if (auto guarded = parts_.access->CheckGuards(head); !guarded) {
    co_await ReplyError(exchange, std::move(guarded).error());
    co_return;
  }
  if (const auto call = FindModelCall(CallHeadOf(head))) {
    co_await HandleCall(exchange, *call);
    co_return;
  }
  std::string allowed;
  const Route* route = FindRoute(head.path, head.method, allowed);
  if (route == nullptr) {
    if (!allowed.empty()) {
      co_await RefuseMethod(exchange, allowed);
    } else {
      co_await ReplyError(exchange, {ErrorCode::kNotFound, NoSuchPath(head.path), {}, {}});
    }
    co_return;
  }
  auto principal = parts_.access->Authenticate(head, route->access);
  if (!principal) {
    exchange.fields().Add("www-authenticate", "Bearer");
    co_await ReplyError(exchange, std::move(principal).error());
    co_return;
  }
  co_await (this->*route->answer)(exchange, *principal);
}

async::Task<void> Api::RefuseMethod(net::ServerExchange& exchange, std::string_view allowed) {
  exchange.fields().Add("allow", allowed);
  co_await ReplyError(exchange, {ErrorCode::kMethodNotAllowed,
                                 fmt::format("this path does not take {}, but {}",
                                             Name(exchange.head().method), allowed),
                                 {},
                                 {}});
}

async::Task<void> Api::HandleCall(net::ServerExchange& exchange, const ModelCall& call) {
  const net::RequestHead& head = exchange.head();
  if (head.method != Method::kPost) {
    co_await RefuseMethod(exchange, Name(Method::kPost));
    co_return;
  }
  auto principal = parts_.access->Authenticate(head, Access::kKey);
  if (!principal) {
    exchange.fields().Add("www-authenticate", "Bearer");
    co_await ReplyError(exchange, std::move(principal).error());
    co_return;
  }
  co_await RunCall(exchange, *principal, call);
}

std::string Api::Refuse(int status, std::string_view reason) {
  core::Error error{ErrorCode::kInvalidRequest, std::string(reason), {}, {}};
  if (status >= 500) {
    error.code = status == 503 ? ErrorCode::kUnavailable : ErrorCode::kInternal;
  }
  parts_.meters.Refused(status >= 500 ? "internal_error" : "malformed_http");
  return openai_chat::ErrorBody(error);
}

async::Task<void> Api::Reply(net::ServerExchange& exchange, int status, std::string_view type,
                             std::string body) {
  exchange.fields().Add("content-type", type);
  const std::string_view piece = body;
  co_await exchange.Respond(status, {&piece, 1});
}

async::Task<void> Api::ReplyError(net::ServerExchange& exchange, core::Error error) {
  parts_.meters.Refused(core::Name(error.code));
  const auto id = core::RequestId::New(exchange.loop().wall_now(), random_);
  const std::string id_text = id.Text();
  exchange.fields().Add("x-signalbox-request-id", id_text);
  const int status = core::HttpStatus(error.code);
  co_await Reply(exchange, status, kJson,
                 DialectOf(CallHeadOf(exchange.head()))
                     .RenderError({.status = status,
                                   .error = std::move(error),
                                   .vendor = {},
                                   .request_id = id_text,
                                   .timestamp = core::Iso8601(exchange.loop().wall_now())}));
}

async::Task<void> Api::RunCall(net::ServerExchange& exchange, const request::Principal& principal,
                               const ModelCall& asked) {
  std::string_view body;
  HttpUpload upload(exchange, parts_.body_limit, parts_.held_limit);
  const bool form = asked.operation == chat::Operation::kTranscriptions;
  if (!form) {
    auto whole = co_await exchange.ReadBody(parts_.body_limit);
    if (!whole) {
      co_await ReplyError(exchange, std::move(whole).error());
      co_return;
    }
    body = *whole;
  }
  request::Hints hints;
  std::string vendor_fields;
  for (const net::Field& field : exchange.head().fields.all()) {
    if (net::EqualsIgnoreCase(field.name, "anthropic-beta")) {
      vendor_fields.append("anthropic-beta: ").append(field.value).append("\r\n");
    }
    if (auto read = ReadHint(field.name, field.value, hints); !read) {
      co_await ReplyError(exchange, std::move(read).error());
      co_return;
    }
  }
  const request::Call call{.id = core::RequestId::New(exchange.loop().wall_now(), random_),
                           .dialect = asked.dialect,
                           .operation = asked.operation,
                           .body = body,
                           .upload = form ? &upload : nullptr,
                           .path = asked.upstream_path,
                           .model = asked.model,
                           .streamed = asked.streamed,
                           .framing = asked.framing,
                           .vendor_fields = vendor_fields,
                           .hints = hints,
                           .hops = exchange.head().fields.Get("x-signalbox-hop"),
                           .arrived = exchange.arrived(),
                           .cancellation = &exchange.cancellation()};
  HttpSink sink(exchange);
  const InFlight counted(parts_.meters.in_flight());
  co_await parts_.gateway.Run(call, principal, sink);
}

async::Task<void> Api::Index(net::ServerExchange& exchange, const request::Principal&) {
  co_await Reply(exchange, 200, "text/plain; charset=utf-8", std::string(kIndexText));
}

async::Task<void> Api::Health(net::ServerExchange& exchange, const request::Principal&) {
  co_await Reply(exchange, 200, kJson, R"({"status":"ok"})");
}

async::Task<void> Api::Ready(net::ServerExchange& exchange, const request::Principal&) {
  const bool ready = parts_.ready.load(std::memory_order_acquire);
  co_await Reply(exchange, ready ? 200 : 503, kJson,
                 ready ? R"({"status":"ready"})" : R"({"status":"draining"})");
}

async::Task<void> Api::Metrics(net::ServerExchange& exchange, const request::Principal&) {
  co_await Reply(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", parts_.metrics_text());
}

async::Task<void> Api::Targets(net::ServerExchange& exchange, const request::Principal&) {
  const execution::HealthReport report = co_await parts_.health(&exchange.cancellation());
  std::string body;
  json::Writer writer(body);
  report.Write(writer);
  co_await Reply(exchange, 200, kJson, std::move(body));
}

async::Task<void> Api::Request(net::ServerExchange& exchange, const request::Principal&) {
  const auto id = core::RequestId::Parse(exchange.head().path.substr(kRequestsPrefix.size()));
  if (!id) {
    co_await ReplyError(exchange, {ErrorCode::kInvalidRequest,
                                   "a request's id looks like req_0190… with 32 digits, as "
                                   "x-signalbox-request-id has it",
                                   {},
                                   {}});
    co_return;
  }
  using Told = core::Result<std::optional<std::string>>;
  const auto told = co_await async::OnPool<Told>(
      exchange.loop(), parts_.pool, [data = parts_.data, id] { return TellRequest(data, *id); },
      {exchange.loop().now() + kLookTime, &exchange.cancellation()});
  if (!told) {
    co_await ReplyError(exchange, {ErrorCode::kUnavailable,
                                   "too many look-ups in the ledger; try again",
                                   {},
                                   std::chrono::seconds(1)});
  } else if (!*told) {
    co_await ReplyError(exchange, told->error());
  } else if (!**told) {
    co_await ReplyError(exchange, {ErrorCode::kNotFound,
                                   "the ledger has no request of that id: none was made, no model "
                                   "was called for it, or its records are older than ledger.keep",
                                   {},
                                   {}});
  } else {
    co_await Reply(exchange, 200, kJson, ***told);
  }
}

// What Ollama's clients ask for first.
async::Task<void> Api::Version(net::ServerExchange& exchange, const request::Principal&) {
  co_await Reply(exchange, 200, kJson, R"({"version":"0.12.0"})");
}

async::Task<void> Api::Models(net::ServerExchange& exchange, const request::Principal&) {
  co_await Reply(exchange, 200, kJson,
                 ModelList(parts_.gateway.lineup().targets(), FormOf(exchange.head())));
}

async::Task<void> Api::Model(net::ServerExchange& exchange, const request::Principal&) {
  const std::string_view path = exchange.head().path;
  const std::string_view start =
      path.starts_with(kModelsPrefix) ? kModelsPrefix : kGeminiModelsPrefix;
  auto entry = ModelEntry(parts_.gateway.lineup().targets(),
                          PercentDecoded(path.substr(start.size())), FormOf(exchange.head()));
  if (!entry) {
    co_await ReplyError(exchange, {ErrorCode::kNotFound,
                                   "no model of that name is listed; GET /v1/models lists them",
                                   "model",
                                   {}});
    co_return;
  }
  co_await Reply(exchange, 200, kJson, *std::move(entry));
}

}  // namespace signalbox::api
