#include "surface/cli/resource.h"

namespace signalbox::cli {
namespace {

std::vector<std::string_view> Roles() {
  return {"viewer", "member", "operator", "admin"};
}

Resource Keys() {
  return {
      .command = "keys",
      .noun = "key",
      .path = "/api/keys",
      .doc = "Virtual keys: who may call what, booked on whom",
      .fields = {{"role", "--role", FieldKind::kText, "ROLE", "What it may do", true, true, false,
                  Roles()},
                 {"models", "--model", FieldKind::kTexts, "MODEL",
                  "A model it may ask for, * for any text; all when none is given"},
                 {"providers", "--provider", FieldKind::kTexts, "PROVIDER",
                  "A provider its calls may go to"},
                 {"dialects", "--dialect", FieldKind::kTexts, "DIALECT", "A dialect it may speak"},
                 {"privacy",
                  "--privacy",
                  FieldKind::kText,
                  "CLASS",
                  "The class of its requests",
                  true,
                  true,
                  false,
                  {"public", "internal", "sensitive"}},
                 {"expires", "--expires", FieldKind::kText, "WHEN",
                  "2027-01-31, 2027-01-31T12:00:00Z or never"},
                 {"owner", "--owner", FieldKind::kText, "USER", "The user it is booked on", true,
                  false},
                 {"team", "--team", FieldKind::kText, "TEAM", "The team it is booked on, or none"},
                 {"project", "--project", FieldKind::kText, "PROJECT",
                  "The project it is booked on, or none"},
                 {"tags", "--tag", FieldKind::kTexts, "TAG", "A word to find and sum it up by"},
                 {"metadata", "--metadata", FieldKind::kRaw, "JSON", "An object of your own"}},
      .columns = {{.heading = "ID", .member = "id"},
                  {.heading = "NAME", .member = "name", .least = 8},
                  {.heading = "ROLE", .member = "role"},
                  {.heading = "HINT", .member = "hint", .leave_out = 4},
                  {.heading = "MODELS", .member = "models", .least = 6, .leave_out = 3},
                  {.heading = "EXPIRES", .member = "expires", .leave_out = 2},
                  {.heading = "REVOKED", .member = "revoked", .leave_out = 1},
                  {.heading = "LAST USED", .member = "last_used", .leave_out = 5}},
      .actions = {{.name = "rotate",
                   .path = "rotate",
                   .doc = "Give a key a new secret",
                   .fields = {{"grace", "--grace", FieldKind::kText, "TIME",
                               "How much longer the old secret is taken, such as 1h"}},
                   .done = ""},
                  {.name = "revoke",
                   .path = "revoke",
                   .doc = "End a key for good, everywhere within a second",
                   .done = "revoked"}},
  };
}

Resource Users() {
  return {
      .command = "users",
      .noun = "user",
      .path = "/api/users",
      .doc = "Users: people and services that keys and tokens belong to",
      .fields = {{"email", "--email", FieldKind::kText, "EMAIL", "Where to write to"},
                 {"role", "--role", FieldKind::kText, "ROLE", "No key of theirs has a higher one",
                  true, true, false, Roles()},
                 {"issuer", "--issuer", FieldKind::kText, "URL", "Of their tokens", true, false},
                 {"subject", "--subject", FieldKind::kText, "TEXT", "Who they are to the issuer",
                  true, false},
                 {"active",
                  "--active",
                  FieldKind::kSwitch,
                  "true|false",
                  "Whether anything of theirs is taken",
                  false,
                  true,
                  false,
                  {"true", "false"}}},
      .columns = {{.heading = "ID", .member = "id"},
                  {.heading = "NAME", .member = "name", .least = 8},
                  {.heading = "EMAIL", .member = "email", .least = 8, .leave_out = 1},
                  {.heading = "ROLE", .member = "role"},
                  {.heading = "ACTIVE", .member = "active", .leave_out = 2}},
  };
}

Resource Teams() {
  return {.command = "teams",
          .noun = "team",
          .path = "/api/teams",
          .doc = "Teams: users whose keys are booked together",
          .fields = {},
          .columns = {{.heading = "ID", .member = "id"},
                      {.heading = "NAME", .member = "name", .least = 8},
                      {.heading = "CREATED", .member = "created", .leave_out = 1}}};
}

Resource Projects() {
  return {.command = "projects",
          .noun = "project",
          .path = "/api/projects",
          .doc = "Projects: what keys are booked on together",
          .fields = {{"team", "--team", FieldKind::kText, "TEAM", "The team it belongs to", true,
                      false}},
          .columns = {{.heading = "ID", .member = "id"},
                      {.heading = "NAME", .member = "name", .least = 8},
                      {.heading = "TEAM", .member = "team", .leave_out = 2},
                      {.heading = "CREATED", .member = "created", .leave_out = 1}}};
}

Resource Tenants() {
  return {.command = "tenants",
          .noun = "tenant",
          .path = "/api/tenants",
          .doc = "Tenants: those who share this installation and do not see each other",
          .fields = {{"active",
                      "--active",
                      FieldKind::kSwitch,
                      "true|false",
                      "Whether its keys and tokens are taken",
                      false,
                      true,
                      false,
                      {"true", "false"}}},
          .columns = {{.heading = "ID", .member = "id"},
                      {.heading = "NAME", .member = "name", .least = 8},
                      {.heading = "ACTIVE", .member = "active"},
                      {.heading = "CREATED", .member = "created", .leave_out = 1}},
          .removable = false};
}

Resource Budgets() {
  return {
      .command = "budget",
      .noun = "budget",
      .path = "/api/budgets",
      .doc = "Budgets: what may be spent in a day, a week or a month",
      .fields = {{"subject", "--for", FieldKind::kSubject, "KIND:NAME",
                  "total, key:ID, user:ID, team:ID, project:ID, tenant:ID, provider:NAME, "
                  "model:NAME, agent:NAME, tag:NAME or end_user:NAME",
                  true, false, true},
                 {"amount_usd", "--amount", FieldKind::kRaw, "USD", "What may be spent"},
                 {"window",
                  "--window",
                  FieldKind::kText,
                  "WINDOW",
                  "How long it runs",
                  true,
                  false,
                  false,
                  {"day", "week", "month", "prepaid"}},
                 {"zone", "--zone", FieldKind::kText, "ZONE", "In whose days", true, false},
                 {"alert_at", "--alert-at", FieldKind::kRaw, "SHARE",
                  "The share at which somebody is told, such as 0.8"},
                 {"hard",
                  "--hard",
                  FieldKind::kSwitch,
                  "true|false",
                  "Whether calls are refused when it is spent",
                  true,
                  true,
                  false,
                  {"true", "false"}},
                 {"any_price",
                  "--any-price",
                  FieldKind::kSwitch,
                  "true|false",
                  "Also calls that nobody can price",
                  true,
                  true,
                  false,
                  {"true", "false"}}},
      .columns =
          {{.heading = "ID", .member = "id"},
           {.heading = "FOR", .member = "subject", .least = 10},
           {.heading = "WINDOW", .member = "window"},
           {.heading = "AMOUNT $", .member = "amount_usd", .right = true},
           {.heading = "SPENT $", .member = "spent_usd", .right = true},
           {.heading = "RESERVED $", .member = "reserved_usd", .right = true, .leave_out = 2},
           {.heading = "HARD", .member = "hard", .leave_out = 1}},
      .actions = {{.name = "credit",
                   .path = "credits",
                   .doc = "Add money to the window that runs now",
                   .fields = {{"amount_usd", "--amount", FieldKind::kRaw, "USD", "How much", true,
                               true, true},
                              {"note", "--note", FieldKind::kText, "TEXT", "What for"},
                              {"id", "--id", FieldKind::kText, "TEXT",
                               "Your own, so that it counts once however often it is said"}},
                   .done = ""}},
      .named = false,
      .in_tenant = false,
  };
}

}  // namespace

const std::vector<Resource>& Resources() {
  static const std::vector<Resource> resources = {Keys(),     Users(),   Teams(),
                                                  Projects(), Tenants(), Budgets()};
  return resources;
}

}  // namespace signalbox::cli
