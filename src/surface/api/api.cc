#include "surface/api/api.h"

#include <fmt/format.h>

#include "surface/api/all_routes.h"
#include "surface/api/call_head.h"
#include "surface/api/error_form.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::api {
namespace {

using core::ErrorCode;

constexpr std::string_view kJson = "application/json";
constexpr std::chrono::seconds kWorkTime{30};
constexpr std::chrono::seconds kAskTime{10};  // who a caller is

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

// Whether a path is of our own API, and not of a vendor whose paths begin alike.
bool IsManagement(std::string_view path) {
  if (path == "/openapi.json") {
    return true;
  }
  for (const std::string_view theirs :
       {"/api/chat", "/api/generate", "/api/embed", "/api/embeddings", "/api/tags", "/api/show",
        "/api/version"}) {
    if (path == theirs) {
      return false;
    }
  }
  return path.starts_with("/api/");
}

// What browsers need to be told of everything that is no answer of a model.
void AddSecurityFields(net::AnswerFields& fields) {
  fields.AddOwn("cache-control", "no-store");
  fields.AddOwn("x-content-type-options", "nosniff");
  fields.AddOwn("x-frame-options", "DENY");
  fields.AddOwn("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  fields.AddOwn("referrer-policy", "no-referrer");
  fields.AddOwn("cross-origin-resource-policy", "same-origin");
}

}  // namespace

Api::Api(Parts parts) : parts_(std::move(parts)) {}

const Router& Api::AllRoutes() {
  static const Router router = [] {
    std::vector<Routes> tables = ManagementRoutes();
    tables.insert(tables.begin(), OwnRoutes());
    return Router(std::move(tables));
  }();
  return router;
}

void Api::Adopt(std::shared_ptr<const AccessRules> access, const net::ServerLimits& limits) {
  parts_.access = std::move(access);
  parts_.body_limit = limits.body_bytes.bytes;
  parts_.held_limit = limits.held_bytes.bytes;
}

async::Task<void> Api::Handle(net::ServerExchange& exchange) {
  const net::RequestHead& head = exchange.head();
  if (auto guarded = parts_.access->CheckGuards(head, parts_.verifier); !guarded) {
    co_await AnswerError(exchange, std::move(guarded).error());
    co_return;
  }
  if (const auto call = FindModelCall(CallHeadOf(head))) {
    co_await HandleCall(exchange, *call);
    co_return;
  }
  AddSecurityFields(exchange.fields());
  co_await HandleRoute(exchange);
}

async::Task<void> Api::HandleRoute(net::ServerExchange& exchange) {
  const net::RequestHead& head = exchange.head();
  const Found found = AllRoutes().Find(head.method, head.path);
  if (found.route == nullptr) {
    if (!found.allowed.empty()) {
      co_await RefuseMethod(exchange, found.allowed);
    } else {
      co_await AnswerError(exchange, {ErrorCode::kNotFound, NoSuchPath(head.path), {}, {}});
    }
    co_return;
  }
  Known principal = Recognize(exchange, found.route->rule);
  if (!principal) {
    principal = co_await Identify(exchange, found.route->rule);
  }
  if (!*principal) {
    co_await AnswerError(exchange, std::move(*principal).error());
    co_return;
  }
  const Visit visit{.route = *found.route,
                    .principal = **std::move(principal),
                    .parameters = found.parameters,
                    .id = core::RequestId::New(exchange.loop().wall_now(), random_)};
  if (visit.route.here != nullptr) {
    co_await (this->*visit.route.here)(exchange, visit);
  } else {
    co_await Work(exchange, visit);
  }
}

Known Api::Recognize(net::ServerExchange& exchange, const Rule& rule) const {
  return parts_.access->Recognize(exchange.head(), rule, parts_.verifier,
                                  exchange.loop().wall_now());
}

async::Task<core::Result<request::Principal>> Api::Identify(net::ServerExchange& exchange,
                                                            Rule rule) {
  return AccessRules::Ask(exchange.head(), rule, *parts_.verifier, exchange.loop().wall_now(),
                          {exchange.loop().now() + kAskTime, &exchange.cancellation()});
}

async::Task<void> Api::Work(net::ServerExchange& exchange, const Visit& visit) {
  const net::RequestHead& head = exchange.head();
  auto body = co_await exchange.ReadBody(kMostBodyBytes);
  if (!body) {
    co_await AnswerError(exchange, std::move(body).error());
    co_return;
  }
  const auto asked = std::make_shared<Asked>(Asked{.services = parts_.services,
                                                   .principal = visit.principal,
                                                   .now = exchange.loop().wall_now(),
                                                   .id = visit.id,
                                                   .parameters = {},
                                                   .query = std::string(head.query),
                                                   .body = std::string(*body)});
  for (const std::string_view parameter : visit.parameters) {
    asked->parameters.emplace_back(parameter);
  }
  using Told = core::Result<Reply>;
  auto told = co_await async::OnPool<Told>(
      exchange.loop(), parts_.pool,
      [asked, work = visit.route.doing.work]() -> Told { return work(*asked); },
      {exchange.loop().now() + kWorkTime, &exchange.cancellation()});
  if (!told) {
    co_await AnswerError(exchange, {ErrorCode::kUnavailable,
                                    "this takes too long, or too much else is being asked; try "
                                    "again",
                                    {},
                                    std::chrono::seconds(1)});
  } else if (!*told) {
    co_await AnswerError(exchange, std::move(*told).error());
  } else {
    co_await Answer(exchange, (**told).status, (**told).type, std::move((**told).body));
  }
}

async::Task<void> Api::RefuseMethod(net::ServerExchange& exchange, std::string_view allowed) {
  exchange.fields().Add("allow", allowed);
  co_await AnswerError(exchange, {ErrorCode::kMethodNotAllowed,
                                  fmt::format("this path does not take {}, but {}",
                                              Name(exchange.head().method), allowed),
                                  {},
                                  {}});
}

std::string Api::Refuse(int status, std::string_view reason) {
  core::Error error{ErrorCode::kInvalidRequest, std::string(reason), {}, {}};
  if (status >= 500) {
    error.code = status == 503 ? ErrorCode::kUnavailable : ErrorCode::kInternal;
  }
  parts_.meters.Refused(status >= 500 ? "internal_error" : "malformed_http");
  return openai_chat::ErrorBody(error);
}

async::Task<void> Api::Answer(net::ServerExchange& exchange, int status, std::string_view type,
                              std::string body) {
  if (!type.empty()) {
    exchange.fields().Add("content-type", type);
  }
  const std::string_view piece = body;
  co_await exchange.Respond(status, {&piece, 1});
}

async::Task<void> Api::AnswerError(net::ServerExchange& exchange, core::Error error) {
  parts_.meters.Refused(core::Name(error.code));
  const net::RequestHead& head = exchange.head();
  const core::WallTime now = exchange.loop().wall_now();
  const std::string id = core::RequestId::New(now, random_).Text();
  exchange.fields().Add("x-signalbox-request-id", id);
  if (error.code == ErrorCode::kUnauthenticated) {
    exchange.fields().Add("www-authenticate", "Bearer");
  }
  if (error.retry_after.count() > 0) {
    exchange.fields().Add("retry-after", static_cast<std::uint64_t>(error.retry_after.count()));
  }
  const int status = core::HttpStatus(error.code);
  if (IsManagement(head.path)) {
    co_await Answer(exchange, status, kJson, ManagementError(error, id));
    co_return;
  }
  co_await Answer(exchange, status, kJson,
                  DialectOf(CallHeadOf(head))
                      .RenderError({.status = status,
                                    .error = std::move(error),
                                    .vendor = {},
                                    .request_id = id,
                                    .timestamp = core::Iso8601(now)}));
}

}  // namespace signalbox::api
