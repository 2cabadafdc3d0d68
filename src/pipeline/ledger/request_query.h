// Single calls out of the store: a list, newest first, page by page; all attempts of one request.
//
// Owner:   nobody; functions. Threads: any that may block. Errors: the store's.
// Cancel:  a page that takes longer than its time ends where it is and says where to go on.
// Budget:  a page of 50 below 200 ms with 10 million rows (a goal, not measured yet).
//
// There is no index but the order of arrival. Which minutes a filter's rows are in is known from
// the rollups, so only those are read: a key that was used once in a year is found by two look-ups.
#pragma once

#include <chrono>
#include <compare>
#include <functional>
#include <optional>
#include <string>

#include "io/store/sql.h"
#include "pipeline/ledger/usage_query.h"

namespace signalbox::ledger {

// Where a page ended.
struct RequestCursor {
  core::RequestId request;
  std::uint16_t attempt = 0;

  std::string Text() const;  // for an API: "req_….1"
  static std::optional<RequestCursor> Parse(std::string_view text);
  friend auto operator<=>(const RequestCursor&, const RequestCursor&) = default;
};

// What is set has to be so. Texts are compared, never matched as patterns.
struct RequestFilter {
  request::Parties parties;  // tenant: within the scope
  request::Labels labels;    // tags: one tag
  std::string_view provider;
  std::string_view model;
  std::optional<std::uint8_t> operation;
  std::optional<Outcome> outcome;
};

struct RequestQuery {
  Scope scope;
  Period period;  // of arrival
  Kept kept;      // as retention leaves it
  RequestFilter filter;
  std::optional<RequestCursor> after;  // of the page before
  std::size_t most = 50;
  std::chrono::milliseconds time{150};  // looked at no longer than this once something was read
};

// The record is valid during the visit; an error ends the query.
using VisitRecord = std::function<core::Status(const Record&)>;

// Visits a page; nullopt: there is nothing behind it. A page may be short, or empty, although there
// is more.
core::Result<std::optional<RequestCursor>> ListRequests(store::Sql& sql, const RequestQuery& query,
                                                        const VisitRecord& visit);

// Visits the settled attempts of a request, the first one first; returns how many.
core::Result<std::size_t> FindAttempts(store::Sql& sql, const Scope& scope, core::RequestId request,
                                       const VisitRecord& visit);

}  // namespace signalbox::ledger
