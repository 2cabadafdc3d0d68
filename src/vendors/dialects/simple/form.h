// The simple form in and out, piece by piece.
//
// Owner: simple_dialect.cc. Threads: any. Errors: kInvalidRequest that names the field.
// Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/request.h"
#include "vendors/chat/response.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::simple {

// The model that a caller names: "provider/model", one of both, or "auto".
std::string ModelOf(std::string_view provider, std::string_view model);

core::Result<chat::Request> ParseRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request);
core::Result<chat::Response> ParseAnswer(const json::Value& body);
std::string RenderAnswer(const chat::Response& response);
chat::VendorError ParseError(std::string_view body);
const wire::FeatureTable& Features();
std::string RenderError(const wire::ErrorAnswer& error);
// Into the extra of an answer, and as events of a stream.
void AddServed(const wire::Served& served, chat::Response& response);
void AddServed(const wire::Served& served, chat::EventBatch& events);

// The names under which the facts of an answer travel in its extra.
inline constexpr std::string_view kProvider = "x_provider";
inline constexpr std::string_view kResponseMs = "x_response_ms";
inline constexpr std::string_view kCacheHit = "x_cache_hit";
inline constexpr std::string_view kCostUsd = "x_cost_usd";

// "provider", "model", "usage" and "metadata" of an answer. `own`: it came in this dialect.
void RenderRest(std::string_view model, const std::optional<chat::UsageReport>& usage,
                const chat::Extra& extra, bool own, json::Writer& out);

std::optional<chat::UsageReport> ParseUsage(const json::Value& usage);

}  // namespace signalbox::simple
