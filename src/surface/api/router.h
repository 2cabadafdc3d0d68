// Which route a request means.
//
// Owner: Api; the tables are constants. Threads: any; read only. Errors: none.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "surface/api/route.h"

namespace signalbox::api {

// What a path and a method mean, decided once: the rule that is checked and the handler that runs
// are of the same route, told by the same bytes.
struct Found {
  const Route* route = nullptr;  // null: none
  PathParameters parameters{};
  std::string allowed;  // where there is none: the methods that the path takes, "GET, HEAD"
};

class Router {
 public:
  explicit Router(std::vector<Routes> tables) : tables_(std::move(tables)) {}

  Found Find(net::Method method, std::string_view path) const;

  const std::vector<Routes>& tables() const { return tables_; }

 private:
  std::vector<Routes> tables_;
};

// Calls visit(route) for each route.
template <typename Visit>
void ForEachRoute(const Router& router, Visit visit) {
  for (const Routes routes : router.tables()) {
    for (const Route& route : routes) {
      visit(route);
    }
  }
}

}  // namespace signalbox::api
