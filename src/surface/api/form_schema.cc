#include "surface/api/form_schema.h"

#include "surface/api/field_types.h"

namespace signalbox::api {
namespace {

using config::Kind;
using config::Row;

std::string_view TypeOf(const Row& row) {
  if (row.codec == &JsonObjectCodec()) {
    return "object";
  }
  switch (row.codec->kind()) {
    case Kind::kBool:
      return "boolean";
    case Kind::kInt:
      return row.spec.names.empty() ? "integer" : "";
    case Kind::kDouble:
      return "number";
    case Kind::kList:
      return "array";
    default:
      return "string";
  }
}

void Limit(std::string_view key, const std::optional<config::Bound>& bound, json::Writer& out) {
  if (bound) {
    out.Key(key).Double(bound->value());
  }
}

void Limits(const Row& row, json::Writer& out) {
  switch (row.codec->kind()) {
    case Kind::kInt:
    case Kind::kDouble:
      Limit("minimum", row.spec.min, out);
      Limit("maximum", row.spec.max, out);
      return;
    case Kind::kText:
    case Kind::kSecret:
      Limit("minLength", row.spec.min, out);
      Limit("maxLength", row.spec.max, out);
      return;
    case Kind::kList:
      Limit("minItems", row.spec.min, out);
      Limit("maxItems", row.spec.max, out);
      return;
    default:
      return;
  }
}

void Words(const Row& row, bool nullable, json::Writer& out) {
  if (row.codec->kind() != Kind::kName) {
    return;
  }
  out.Key("enum").BeginArray();
  for (const config::Word& word : row.spec.names) {
    out.String(word.name);
  }
  if (nullable) {
    out.Null();
  }
  out.EndArray();
}

void Member(const Row& row, FormUse use, json::Writer& out) {
  switch (row.shape) {
    case Row::Shape::kOption:
      WriteOptionSchema(row, use == FormUse::kAnswer && row.optional != nullptr, out);
      return;
    case Row::Shape::kSection:
      WriteSchema(*row.table, use, out);
      return;
    case Row::Shape::kEntries:
      out.BeginObject().Key("type").String("object").Key("description").String(row.spec.doc);
      out.Key("additionalProperties");
      WriteSchema(*row.table, use, out);
      out.EndObject();
      return;
  }
}

}  // namespace

void WriteOptionSchema(const Row& row, bool nullable, json::Writer& out) {
  out.BeginObject();
  if (const std::string_view type = TypeOf(row); !type.empty()) {
    out.Key("type");
    nullable ? out.BeginArray().String(type).String("null").EndArray() : out.String(type);
  }
  out.Key("description").String(row.spec.doc);
  if (row.codec->kind() == Kind::kList) {
    out.Key("items").BeginObject().Key("type").String("string").EndObject();
  }
  Limits(row, out);
  Words(row, nullable, out);
  out.EndObject();
}

void WriteSchema(const config::TableData& table, FormUse use, json::Writer& out) {
  out.BeginObject().Key("type").String("object").Key("description").String(table.doc);
  out.Key("properties").BeginObject();
  for (const Row& row : table.rows) {
    out.Key(row.key);
    Member(row, use, out);
  }
  out.EndObject();
  out.Key("required").BeginArray();
  for (const Row& row : table.rows) {
    if (use == FormUse::kAnswer || row.spec.required) {
      out.String(row.key);
    }
  }
  out.EndArray();
  if (use == FormUse::kBody) {
    out.Key("additionalProperties").Bool(false);
  }
  out.EndObject();
}

}  // namespace signalbox::api
