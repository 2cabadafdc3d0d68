// docs/api.md, from the same tables as /openapi.json.
#include <fmt/format.h>

#include "surface/api/call_head.h"
#include "surface/api/model_routes.h"
#include "surface/api/openapi.h"

namespace signalbox::api {
namespace {

constexpr std::string_view kIntroduction =
    R"(# The HTTP API

Printed by `signalbox api` from the routes themselves; a test compares the two. Programs read the
same as OpenAPI 3.1 from `GET /openapi.json`.

A credential is sent as `Authorization: Bearer KEY`, or in `x-api-key`, `x-goog-api-key` or `api-key`.
What each route asks for stands in its column *access*: nothing (`open`), any credential that is known
(`any key`), a role or a higher one (`viewer` < `member` < `operator` < `admin`), or that role in a
credential that is not of one tenant alone (`of the installation`). What belongs to another tenant is
not there: 404.

Bodies are JSON objects of at most 64 KiB. A member that is not in the table, stands twice, has another
type, or is null is refused, and the error names it; a change (PATCH) touches what was sent and nothing
else. Lists come in parts: `?limit=50&after=ID`, answered by `{"data":[…],"next":ID}`; `next` is null at
the end. Amounts are dollars with up to nine decimals, exact. Moments are UTC.

An error is `{"error":{"type","code","message","param","request_id"}}`; `param` names the member or
parameter at fault. Nothing under `/api` may be cached.
)";

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : std::string(1, c);
  }
  return out;
}

std::string AnswerText(const Doing& doing) {
  if (doing.answer == nullptr) {
    return doing.gives == Gives::kNothing ? "204" : "";
  }
  return doing.gives == Gives::kPage ? doing.answer().name + ", in parts" : doing.answer().name;
}

void RouteRows(const Router& router, std::string& out) {
  out +=
      "\n## Routes\n\n| route | access | takes | answers | what it does |\n|---|---|---|---|---|\n";
  ForEachRoute(router, [&](const Route& route) {
    const std::string takes = route.doing.body != nullptr ? route.doing.body().name : "";
    out += fmt::format("| `{} {}` | {} | {} | {} | {} |\n", Name(route.method), route.path.text(),
                       route.rule.Text(), takes, AnswerText(route.doing), Escaped(route.summary));
  });
}

void CallRows(std::string& out) {
  out += fmt::format(
      "\n## Calls of models\n\nAll of them are POST and want {}.\n\n| path | dialect | operation "
      "|\n|---|---|---|\n",
      kModelCallRule.Text());
  for (const ModelPath& path : ModelPaths()) {
    out += fmt::format("| `{}` | {} | {} |\n", path.path, path.dialect, Name(path.operation));
  }
}

void FormRows(const config::TableData& table, const std::string& before, std::string& out) {
  for (const config::Row& row : table.rows) {
    if (row.shape == config::Row::Shape::kOption) {
      out += fmt::format("| `{}{}` | {}{} | {} |\n", before, row.key, Escaped(row.Expected()),
                         row.spec.required ? ", required" : "", Escaped(row.spec.doc));
    } else {
      FormRows(*row.table, before + row.key + ".", out);
    }
  }
}

void FormTable(TableOf form, std::string_view title, std::string& out) {
  const config::TableData& table = form();
  out += fmt::format("\n### {}\n\n{}\n\n| {} | expected | meaning |\n|---|---|---|\n", table.name,
                     table.doc, title);
  FormRows(table, "", out);
}

void Forms(const Router& router, std::string& out) {
  std::vector<std::string> told;
  const auto tell = [&](TableOf form, std::string_view title) {
    if (form == nullptr || std::ranges::find(told, form().name) != told.end()) {
      return;
    }
    told.push_back(form().name);
    FormTable(form, title, out);
  };
  out += "\n## Bodies, parameters and answers\n";
  ForEachRoute(router, [&](const Route& route) {
    tell(route.doing.query, "parameter");
    tell(route.doing.body, "member");
    tell(route.doing.answer, "member");
  });
}

}  // namespace

std::string ApiPage(const Router& router) {
  std::string out(kIntroduction);
  RouteRows(router, out);
  CallRows(out);
  Forms(router, out);
  return out;
}

}  // namespace signalbox::api
