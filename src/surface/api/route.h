// A route: method, path, who may use it, what it is called and what it does.
//
// Owner: constants. Threads: any. Errors: none. Cancel: nothing to undo.
//
// All of it has to be said: a route without an access rule does not compile.
#pragma once

#include <span>
#include <string_view>

#include "base/async/task.h"
#include "io/net/http_head.h"
#include "surface/api/doing.h"
#include "surface/api/pattern.h"
#include "surface/api/rule.h"

namespace signalbox::net {
class ServerExchange;
}

namespace signalbox::api {

class Api;
struct Visit;

// What is answered on the worker's own loop and does not block.
using Here = async::Task<void> (Api::*)(net::ServerExchange&, const Visit&);

struct Route {
  // `id` is OpenAPI's operationId, `summary` one sentence.
  constexpr Route(net::Method route_method, Pattern route_path, Rule route_rule,
                  std::string_view route_id, std::string_view route_summary, Doing route_doing)
      : method(route_method),
        path(route_path),
        rule(route_rule),
        id(route_id),
        summary(route_summary),
        doing(route_doing) {}
  constexpr Route(net::Method route_method, Pattern route_path, Rule route_rule,
                  std::string_view route_id, std::string_view route_summary, Here route_here)
      : method(route_method),
        path(route_path),
        rule(route_rule),
        id(route_id),
        summary(route_summary),
        here(route_here) {}

  net::Method method;
  Pattern path;
  Rule rule;
  std::string_view id;
  std::string_view summary;
  Doing doing{};
  Here here = nullptr;
};

using Routes = std::span<const Route>;

// For static_assert beside each table: only the worker's own may be open.
template <std::size_t N>
consteval bool NoneOpen(const Route (&routes)[N]) {
  for (const Route& route : routes) {
    if (route.rule.open()) {
      return false;
    }
  }
  return true;
}

}  // namespace signalbox::api
