#include "surface/api/openapi.h"

#include <fmt/format.h>

#include <map>

#include "surface/api/call_head.h"
#include "surface/api/form_schema.h"
#include "surface/api/model_routes.h"

namespace signalbox::api {
namespace {

using config::TableData;
using json::Writer;

// "get" for GET.
std::string Lower(std::string_view method) {
  std::string out(method);
  for (char& c : out) {
    c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// "/v1/models/{model*}" as OpenAPI writes it.
std::string PathText(const Pattern& pattern) {
  std::string out(pattern.text());
  std::erase(out, '*');
  return out;
}

void Reference(Writer& out, std::string_view place, std::string_view name) {
  out.BeginObject().Key("$ref").String(fmt::format("#/components/{}/{}", place, name)).EndObject();
}

void Content(Writer& out, std::string_view type, std::string_view schema) {
  out.Key("content").BeginObject().Key(type).BeginObject().Key("schema");
  schema.empty() ? out.BeginObject().EndObject() : (Reference(out, "schemas", schema), out);
  out.EndObject().EndObject();
}

void Parameter(Writer& out, std::string_view place, const config::Row& row) {
  out.BeginObject().Key("name").String(row.key).Key("in").String(place);
  out.Key("required").Bool(row.spec.required).Key("description").String(row.spec.doc);
  out.Key("schema");
  WriteOptionSchema(row, /*nullable=*/false, out);
  out.EndObject();
}

void Parameters(Writer& out, const Route& route) {
  out.Key("parameters").BeginArray();
  for (std::size_t i = 0; i < kMaxParameters && !route.path.name_of(i).empty(); ++i) {
    out.BeginObject().Key("name").String(route.path.name_of(i)).Key("in").String("path");
    out.Key("required").Bool(true).Key("schema").BeginObject().Key("type").String("string");
    out.EndObject().EndObject();
  }
  if (route.doing.query != nullptr) {
    for (const config::Row& row : route.doing.query().rows) {
      Parameter(out, "query", row);
    }
  }
  out.EndArray();
}

std::string SchemaOf(const Doing& doing) {
  if (doing.answer == nullptr) {
    return {};
  }
  return doing.answer().name + (doing.gives == Gives::kPage ? "Page" : "");
}

void Answers(Writer& out, const Route& route) {
  const bool nothing = route.here == nullptr && route.doing.gives == Gives::kNothing;
  const std::string_view status = nothing                                ? "204"
                                  : route.doing.gives == Gives::kCreated ? "201"
                                                                         : "200";
  out.Key("responses").BeginObject().Key(status).BeginObject();
  out.Key("description").String(nothing ? "Done." : "The answer.");
  if (!nothing) {
    Content(out,
            route.path.text() == "/" || route.path.text() == "/metrics" ? "text/plain"
                                                                        : "application/json",
            SchemaOf(route.doing));
  }
  out.EndObject().Key("default");
  Reference(out, "responses", "Error");
  out.EndObject();
}

void Security(Writer& out, const Rule& rule) {
  out.Key("security").BeginArray();
  if (!rule.open()) {
    for (const std::string_view scheme : {"bearer", "header"}) {
      out.BeginObject().Key(scheme).BeginArray().EndArray().EndObject();
    }
  }
  out.EndArray();
  out.Key("x-signalbox-access").String(rule.Text());
}

void Operation(Writer& out, const Route& route) {
  out.Key(Lower(Name(route.method))).BeginObject();
  out.Key("operationId").String(route.id).Key("summary").String(route.summary);
  Security(out, route.rule);
  Parameters(out, route);
  if (route.doing.body != nullptr) {
    out.Key("requestBody").BeginObject().Key("required").Bool(true);
    Content(out, "application/json", route.doing.body().name);
    out.EndObject();
  }
  Answers(out, route);
  out.EndObject();
}

void CallOperation(Writer& out, const ModelPath& path, std::size_t number) {
  out.Key(path.path).BeginObject().Key("post").BeginObject();
  out.Key("operationId").String(fmt::format("call{}", number));
  out.Key("summary").String(
      fmt::format("Calls a model ({}) in the dialect {}.", Name(path.operation), path.dialect));
  Security(out, kModelCallRule);
  out.Key("x-signalbox-dialect").String(path.dialect);
  out.Key("x-signalbox-operation").String(Name(path.operation));
  out.Key("parameters").BeginArray();
  if (path.path.find('{') != std::string::npos) {
    out.BeginObject().Key("name").String("model").Key("in").String("path").Key("required");
    out.Bool(true).Key("schema").BeginObject().Key("type").String("string").EndObject().EndObject();
  }
  out.EndArray().Key("requestBody").BeginObject().Key("required").Bool(true);
  const bool form = path.operation == chat::Operation::kTranscriptions;
  Content(out, form ? "multipart/form-data" : "application/json", "");
  out.EndObject().Key("responses").BeginObject().Key("200").BeginObject();
  out.Key("description").String("The answer in the dialect's own form, or a stream of its events.");
  out.EndObject().Key("default").BeginObject();
  out.Key("description").String("An error in the dialect's own form.");
  out.EndObject().EndObject().EndObject().EndObject();
}

void Paths(Writer& out, const Router& router) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<const Route*>> by_path;
  ForEachRoute(router, [&](const Route& route) {
    auto& routes = by_path[PathText(route.path)];
    if (routes.empty()) {
      order.push_back(PathText(route.path));
    }
    routes.push_back(&route);
  });
  out.Key("paths").BeginObject();
  for (const std::string& path : order) {
    out.Key(path).BeginObject();
    for (const Route* route : by_path[path]) {
      Operation(out, *route);
    }
    out.EndObject();
  }
  std::size_t number = 0;
  for (const ModelPath& path : ModelPaths()) {
    CallOperation(out, path, ++number);
  }
  out.EndObject();
}

void PageSchema(Writer& out, const std::string& name) {
  out.Key(name + "Page").BeginObject().Key("type").String("object");
  out.Key("properties").BeginObject().Key("data").BeginObject().Key("type").String("array");
  out.Key("items");
  Reference(out, "schemas", name);
  out.EndObject().Key("next").BeginObject().Key("type");
  out.BeginArray().String("string").String("null").EndArray();
  out.Key("description").String("For `after`, to read on; null: this was the last part.");
  out.EndObject().EndObject();
  out.Key("required").BeginArray().String("data").String("next").EndArray().EndObject();
}

void Schemas(Writer& out, const Router& router) {
  struct Use {
    const TableData* table = nullptr;
    FormUse use = FormUse::kAnswer;
    bool page = false;
  };
  std::map<std::string, Use> uses;
  ForEachRoute(router, [&](const Route& route) {
    if (route.doing.body != nullptr) {
      uses[route.doing.body().name] = {&route.doing.body(), FormUse::kBody};
    }
    if (route.doing.answer != nullptr) {
      Use& use = uses[route.doing.answer().name];
      use.table = &route.doing.answer();
      use.page = use.page || route.doing.gives == Gives::kPage;
    }
  });
  out.Key("schemas").BeginObject();
  for (const auto& [name, use] : uses) {
    out.Key(name);
    WriteSchema(*use.table, use.use, out);
    if (use.page) {
      PageSchema(out, name);
    }
  }
  out.Key("Error").Raw(
      R"({"type":"object","required":["error"],"properties":{"error":{"type":"object",)"
      R"("required":["type","code","message","param","request_id"],"properties":{)"
      R"("type":{"type":"string"},"code":{"type":"string"},"message":{"type":"string"},)"
      R"("param":{"type":["string","null"]},"request_id":{"type":"string"}}}}})");
  out.EndObject();
}

void Components(Writer& out, const Router& router) {
  out.Key("components").BeginObject();
  Schemas(out, router);
  out.Key("responses").BeginObject().Key("Error").BeginObject();
  out.Key("description").String("What was wrong, with the request's id.");
  Content(out, "application/json", "Error");
  out.EndObject().EndObject();
  out.Key("securitySchemes")
      .Raw(R"({"bearer":{"type":"http","scheme":"bearer"},)"
           R"("header":{"type":"apiKey","in":"header","name":"x-api-key"}})");
  out.EndObject();
}

}  // namespace

std::string OpenApiJson(const Router& router) {
  std::string text;
  Writer out(text);
  out.BeginObject().Key("openapi").String("3.1.0");
  out.Key("info").BeginObject().Key("title").String("Signalbox").Key("version").String("1");
  out.Key("description")
      .String("The management API, and the paths that call models in their vendors' dialects.");
  out.EndObject();
  Paths(out, router);
  Components(out, router);
  out.EndObject();
  return text;
}

}  // namespace signalbox::api
