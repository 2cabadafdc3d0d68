#include "pipeline/request/routes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "base/config/problem.h"

namespace signalbox::request {
namespace {

std::string At(const std::string& path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

}  // namespace

void RouteMaker::Complain(std::string path, std::string message) {
  problems_.push_back({core::ErrorCode::kInvalidRequest, std::move(message), std::move(path), {}});
}

const Route& RouteMaker::OfAlias(const std::string& name) {
  if (const auto found = made_.find(name); found != made_.end()) {
    return found->second;
  }
  open_.push_back(name);
  Route route = Make(config::Join("models", name), aliases_.at(name), name);
  open_.pop_back();
  return made_.insert_or_assign(name, std::move(route)).first->second;
}

Route RouteMaker::OfEntry(const std::string& path, const AliasOptions& entry) {
  return Make(path, entry, {});
}

Route RouteMaker::OfName(const std::string& path, std::string_view name) {
  if (aliases_.contains(std::string(name)) && (open_.empty() || open_.back() != name)) {
    return OfNested(path, std::string(name));
  }
  auto target = find_(name);
  if (!target) {
    Complain(path, std::move(target).error().message);
    return {};
  }
  return {Choice{*std::move(target)}};
}

// An alias that is written at `path`, inside those that are open.
Route RouteMaker::OfNested(const std::string& path, const std::string& name) {
  if (const auto first = std::ranges::find(open_, name); first != open_.end()) {
    Complain(path, fmt::format("leads back to where it began: {} -> {}; take one of them out",
                               fmt::join(std::span(first, open_.end()), " -> "), name));
    return {};
  }
  if (open_.size() >= kDeepestAlias) {
    Complain(path, fmt::format("is a name within names, more than {} deep; name the models here",
                               kDeepestAlias));
    return {};
  }
  return OfAlias(name);
}

// `own_name`: what it stands for when it does not say; empty: it has to.
Route RouteMaker::Make(const std::string& path, const AliasOptions& entry,
                       std::string_view own_name) {
  Route route;
  if (!entry.targets.empty()) {
    const bool ordered = entry.balance == Balance::kOrdered;
    (this->*(ordered ? &RouteMaker::AddOrdered : &RouteMaker::AddShared))(path + ".targets",
                                                                          entry.targets, route);
  } else if (own_name.empty()) {
    Complain(path, "targets is missing: the models that answer, as in [openai/gpt-4o]");
  } else {
    route = OfName(path, own_name);
  }
  AddOrdered(path + ".fallback", entry.fallback, route);
  if (route.size() > kMostTargets) {
    Complain(path, fmt::format("has {} targets and fallbacks, at most {} are taken", route.size(),
                               kMostTargets));
    route.resize(kMostTargets);
  }
  return route;
}

void RouteMaker::AddOrdered(const std::string& path, const std::vector<std::string>& names,
                            Route& route) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const auto target = ReadTarget(At(path, i), names[i])) {
      Append(OfName(At(path, i), target->name), route);
    }
  }
}

void RouteMaker::AddShared(const std::string& path, const std::vector<std::string>& names,
                           Route& route) {
  std::vector<Share> shares;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const auto target = ReadTarget(At(path, i), names[i])) {
      if (Route share = OfName(At(path, i), target->name); !share.empty()) {
        shares.push_back({std::move(share), target->weight});
      }
    }
  }
  AppendShared(shares, route);
}

std::optional<Weighted> RouteMaker::ReadTarget(const std::string& path, const std::string& text) {
  const auto target = ParseWeighted(text);
  if (!target) {
    Complain(path, fmt::format("'{}' is no name with a weight of 1 to 1000 behind it, as in "
                               "edge/llama-4-scout * 3",
                               text));
  }
  return target;
}

}  // namespace signalbox::request
