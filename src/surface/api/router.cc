#include "surface/api/router.h"

namespace signalbox::api {
namespace {

using net::Method;

bool Answers(const Route& route, Method method) {
  return route.method == method || (route.method == Method::kGet && method == Method::kHead);
}

}  // namespace

Found Router::Find(Method method, std::string_view path) const {
  Found out;
  for (const Routes routes : tables_) {
    for (const Route& route : routes) {
      if (!route.path.Matches(path, out.parameters)) {
        continue;
      }
      if (Answers(route, method)) {
        out.route = &route;
        out.allowed.clear();
        return out;
      }
      out.allowed += out.allowed.empty() ? "" : ", ";
      out.allowed += route.method == Method::kGet ? "GET, HEAD" : Name(route.method);
    }
  }
  return out;
}

}  // namespace signalbox::api
