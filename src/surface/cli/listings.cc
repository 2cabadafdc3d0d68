#include "surface/cli/listings.h"

#include <fmt/format.h>

#include "surface/cli/resource_run.h"

namespace signalbox::cli {
namespace {

ListingOption Since() {
  return {"--since", "since", "WHEN", "From when on: 7d, 2027-01-31 or 2027-01-31T12:00:00Z"};
}

ListingOption Until() {
  return {"--until", "until", "WHEN", "Until when, in the same way"};
}

ListingOption Tenant() {
  return {"--tenant", "tenant", "TENANT", "Of that tenant, for keys of the installation"};
}

ListingOption By() {
  return {
      "--by", "by", "WHAT",
      "model, provider, target, key, user, team, project, tenant, end_user, agent, task, feature, "
      "category, activity, tag, operation, outcome or total"};
}

Listing Usage() {
  return {
      .command = "usage",
      .verb = "",
      .doc = "Who or what used most",
      .path = "/api/usage",
      .options = {By(),
                  Since(),
                  Until(),
                  {"--order",
                   "order",
                   "WHAT",
                   "By what the first are chosen",
                   {"cost", "calls", "tokens"}},
                  Tenant()},
      .columns = {{.heading = "VALUE", .member = "value", .least = 12},
                  {.heading = "REQUESTS", .member = "requests", .right = true},
                  {.heading = "OK", .member = "successes", .right = true, .leave_out = 2},
                  {.heading = "INPUT", .member = "input_tokens", .right = true, .leave_out = 4},
                  {.heading = "OUTPUT", .member = "output_tokens", .right = true, .leave_out = 3},
                  {.heading = "COST $", .member = "cost_usd", .right = true},
                  {.heading = "P95 US", .member = "latency_p95_us", .right = true, .leave_out = 5}},
      .count = 20};
}

Listing Series() {
  return {.command = "usage",
          .verb = "series",
          .doc = "What was used over time",
          .path = "/api/usage/series",
          .options = {By(),
                      {"--value", "value", "TEXT", "Of that one alone"},
                      {"--step",
                       "step",
                       "STEP",
                       "How long a step is",
                       {"minute", "hour", "day", "week", "month"}},
                      {"--zone", "zone", "ZONE", "In whose days, such as Europe/Berlin"},
                      Since(),
                      Until(),
                      Tenant()},
          .columns = {{.heading = "BEGIN", .member = "begin"},
                      {.heading = "REQUESTS", .member = "usage.requests", .right = true},
                      {.heading = "OK", .member = "usage.successes", .right = true, .leave_out = 2},
                      {.heading = "INPUT", .member = "usage.input_tokens", .right = true},
                      {.heading = "OUTPUT", .member = "usage.output_tokens", .right = true},
                      {.heading = "COST $", .member = "usage.cost_usd", .right = true}},
          .in_parts = false};
}

Listing Requests() {
  return {
      .command = "requests",
      .verb = "",
      .doc = "Settled calls, newest first",
      .path = "/api/requests",
      .options = {{"--model", "model", "MODEL", "To that model, as the provider knows it"},
                  {"--provider", "provider", "PROVIDER", "Sent to that provider"},
                  {"--outcome",
                   "outcome",
                   "OUTCOME",
                   "That ended so",
                   {"ok", "failed", "cancelled", "uncertain"}},
                  {"--with-key", "key", "ID", "Made with that key"},
                  {"--user", "user", "ID", "Booked on that user"},
                  {"--team", "team", "ID", "Booked on that team"},
                  {"--project", "project", "ID", "Booked on that project"},
                  {"--agent", "agent", "NAME", "For that agent"},
                  {"--session", "session", "NAME", "Of that session"},
                  {"--end-user", "end_user", "NAME", "For that end user"},
                  {"--tag", "tag", "TAG", "With that tag"},
                  Since(),
                  Until(),
                  Tenant()},
      .columns = {{.heading = "TIME", .member = "time"},
                  {.heading = "REQUEST", .member = "request_id"},
                  {.heading = "PROVIDER", .member = "provider", .least = 6, .leave_out = 2},
                  {.heading = "MODEL", .member = "model", .least = 8},
                  {.heading = "OUTCOME", .member = "outcome"},
                  {.heading = "INPUT", .member = "input_tokens", .right = true, .leave_out = 4},
                  {.heading = "OUTPUT", .member = "output_tokens", .right = true, .leave_out = 3},
                  {.heading = "COST $", .member = "cost_usd", .right = true, .leave_out = 1}},
      .count = 50};
}

Listing Audit() {
  return {.command = "audit",
          .verb = "list",
          .doc = "Who changed what, newest first",
          .path = "/api/audit",
          .options = {{"--action", "action", "ACTION", "Such as key.create"},
                      {"--type", "entity_type", "TYPE", "Such as key"},
                      {"--id", "entity_id", "ID", "What was changed"},
                      {"--by", "user_id", "ID", "Who did it"},
                      Since(),
                      Until(),
                      Tenant()},
          .columns = {{.heading = "TIME", .member = "created_at"},
                      {.heading = "BY", .member = "user_id", .least = 8, .leave_out = 2},
                      {.heading = "ACTION", .member = "action"},
                      {.heading = "WHAT", .member = "entity_id", .least = 12},
                      {.heading = "NAME", .member = "resource_name", .least = 6, .leave_out = 1}},
          .count = 50,
          .command_doc = "The trail of who changed what"};
}

Listing Limits() {
  return {.command = "limits",
          .verb = "list",
          .doc = "Limits that were set for single subjects",
          .path = "/api/limits",
          .options = {},
          .columns = {{.heading = "SUBJECT", .member = "subject", .least = 12},
                      {.heading = "REQ/MIN", .member = "limits.requests_per_minute", .right = true},
                      {.heading = "REQ/H", .member = "limits.requests_per_hour", .right = true},
                      {.heading = "TOK/MIN", .member = "limits.tokens_per_minute", .right = true},
                      {.heading = "TOK/H", .member = "limits.tokens_per_hour", .right = true},
                      {.heading = "BURST", .member = "limits.burst", .right = true, .leave_out = 2},
                      {.heading = "AT ONCE",
                       .member = "limits.concurrent",
                       .right = true,
                       .leave_out = 1}},
          .command_doc = "How many requests and tokens a subject may have"};
}

}  // namespace

const std::vector<Listing>& Listings() {
  static const std::vector<Listing> listings = {Usage(), Series(), Requests(), Audit(), Limits()};
  return listings;
}

int ShowListing(const Listing& listing, const ListingArguments& arguments) {
  ServerQuestion question{.path = std::string(listing.path)};
  for (const auto& [parameter, value] : arguments.values) {
    question.query.emplace_back(parameter, value);
  }
  const std::string command =
      fmt::format("{}{}{}", listing.command, listing.verb.empty() ? "" : " ", listing.verb);
  return PrintList(command, arguments.server, std::move(question),
                   {.columns = listing.columns,
                    .limit = arguments.count,
                    .json = arguments.json,
                    .in_parts = listing.in_parts});
}

}  // namespace signalbox::cli
