// Which dialect a path belongs to, and what is asked of whom there.
//
// Owner: sim_service.cc. Threads: any. Errors: nullopt for a path that nobody has.
// Cancel: nothing to undo.
// Source: the vendors' API references.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json/document.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::sim {

struct Route {
  const wire::Dialect* dialect = nullptr;  // never null
  chat::Operation operation = chat::Operation::kChat;
  std::string model;             // where the path names it
  std::optional<bool> streamed;  // where the path says it
  wire::Framing framing = wire::Framing::kSse;
};

// `path` with its query, with or without what stands before a vendor's own path ("/v1", a Vertex
// project, a Cloudflare account).
std::optional<Route> FindRoute(std::string_view path);

// The same path asks Workers AI for chat, embeddings and ranking (what its models make beside them
// is told by their names: vendor_media.h): the body says which.
void RefineRoute(const json::Value& body, Route& route);

}  // namespace signalbox::sim
