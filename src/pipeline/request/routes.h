// Makes routes of the names in a configuration: aliases, aliases of aliases, tiers and tasks.
//
// Owner:   Targets, while it is made. Threads: one.
// Errors:  kept, each with the key at fault in `param`: a name that leads nowhere, a weight that is
//          none, too many targets, aliases that lead to each other. What is wrong is left out.
// Cancel:  nothing waits.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "pipeline/request/alias.h"
#include "pipeline/request/route.h"

namespace signalbox::request {

// Aliases stand in each other no deeper than the stack is sure to bear.
inline constexpr std::size_t kDeepestAlias = 64;

class RouteMaker {
 public:
  // Where a name leads that is no alias.
  using FindModel = std::function<core::Result<Target>(std::string_view name)>;

  // `aliases` must stay.
  RouteMaker(const std::map<std::string, AliasOptions>& aliases, FindModel find)
      : aliases_(aliases), find_(std::move(find)) {}

  // Of the alias `name`, which there is. Empty: nothing of it leads anywhere.
  const Route& OfAlias(const std::string& name);
  // Of something else that is written like one, at `path`.
  Route OfEntry(const std::string& path, const AliasOptions& entry);
  // Of one name, an alias's or a model's, that is written at `path`; empty: it leads nowhere.
  Route OfName(const std::string& path, std::string_view name);

  std::vector<core::Error> TakeProblems() { return std::move(problems_); }

 private:
  Route Make(const std::string& path, const AliasOptions& entry, std::string_view own_name);
  void AddOrdered(const std::string& path, const std::vector<std::string>& names, Route& route);
  void AddShared(const std::string& path, const std::vector<std::string>& names, Route& route);
  std::optional<Weighted> ReadTarget(const std::string& path, const std::string& text);
  Route OfNested(const std::string& path, const std::string& name);
  void Complain(std::string path, std::string message);

  const std::map<std::string, AliasOptions>& aliases_;
  FindModel find_;
  std::map<std::string, Route, std::less<>> made_;
  std::vector<std::string> open_;  // aliases that are being made, the outermost first
  std::vector<core::Error> problems_;
};

}  // namespace signalbox::request
