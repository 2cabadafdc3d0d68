// The JSON Schema, made from the tables: https://json-schema.org/draft/2020-12/schema
#include <fmt/format.h>

#include "base/config/show.h"
#include "base/json/writer.h"

namespace signalbox::config {
namespace {

using json::Writer;

void Reference(Writer& out, std::string_view name) {
  out.BeginObject().Key("$ref").String(fmt::format("#/$defs/{}", name)).EndObject();
}

void Limit(Writer& out, std::string_view key, const std::optional<Bound>& bound) {
  if (bound) {
    out.Key(key).Double(bound->value());
  }
}

void Words(Writer& out, const Row& row) {
  out.BeginObject().Key("enum").BeginArray();
  for (const Word& word : row.spec.names) {
    out.String(word.name);
  }
  out.EndArray().EndObject();
}

void Number(Writer& out, const Row& row) {
  out.BeginObject().Key("type").String(row.codec->kind() == Kind::kInt ? "integer" : "number");
  Limit(out, "minimum", row.spec.min);
  Limit(out, "maximum", row.spec.max);
  out.EndObject();
  if (!row.spec.names.empty()) {
    Words(out, row);
  }
}

void List(Writer& out, const Row& row) {
  out.BeginObject().Key("type").String("array").Key("items");
  Reference(out, "text");
  Limit(out, "minItems", row.spec.min);
  Limit(out, "maxItems", row.spec.max);
  out.EndObject();
}

// The forms that the option's value may have in a file, apart from ${VARIABLE}.
void Forms(Writer& out, const Row& row) {
  switch (row.codec->kind()) {
    case Kind::kBool:
      out.BeginObject().Key("type").String("boolean").EndObject();
      return;
    case Kind::kInt:
    case Kind::kDouble:
      Number(out, row);
      return;
    case Kind::kName:
      Words(out, row);
      return;
    case Kind::kList:
      List(out, row);
      return;
    case Kind::kDuration:
      Reference(out, "duration");
      return;
    case Kind::kSize:
      Reference(out, "size");
      return;
    case Kind::kHostPort:
      Reference(out, "host_port");
      return;
    case Kind::kUrl:
      Reference(out, "url");
      return;
    case Kind::kText:
    case Kind::kSecret:
      Reference(out, "text");
      return;
  }
}

void Default(Writer& out, const Row& row, const void* defaults) {
  const void* value = row.Value(defaults);
  if (value == nullptr || row.IsSecret() || row.spec.required || row.codec->kind() == Kind::kList) {
    return;
  }
  const std::string text = row.codec->Write(row.spec, value);
  if (text.empty()) {
    return;
  }
  out.Key("default");
  switch (row.codec->kind()) {
    case Kind::kBool:
      out.Bool(text == "true");
      return;
    case Kind::kDouble:
      out.Double(*static_cast<const double*>(value));
      return;
    case Kind::kInt:
      text.find_first_not_of("-0123456789") == text.npos ? out.Raw(text) : out.String(text);
      return;
    default:
      out.String(text);
  }
}

void Option(Writer& out, const Row& row, const void* defaults) {
  out.BeginObject().Key("description").String(row.spec.doc).Key("anyOf").BeginArray();
  Forms(out, row);
  if (row.codec->kind() != Kind::kList) {
    Reference(out, "variable");
  }
  out.EndArray();
  Default(out, row, defaults);
  out.EndObject();
}

void Section(Writer& out, const TableData& table, const void* defaults, std::string_view doc);

void Entries(Writer& out, const Row& row) {
  out.BeginObject().Key("description").String(row.spec.doc);
  out.Key("type").BeginArray().String("object").String("null").EndArray();
  out.Key("propertyNames").BeginObject();
  out.Key("pattern").String("^[A-Za-z0-9._@/:+-]{1,128}$").EndObject();
  out.Key("additionalProperties");
  Section(out, *row.table, row.table->defaults.get(), row.table->doc);
  out.EndObject();
}

void Properties(Writer& out, const TableData& table, const void* defaults) {
  bool required = false;
  out.Key("properties").BeginObject();
  for (const Row& row : table.rows) {
    out.Key(row.key);
    required = required || row.spec.required;
    switch (row.shape) {
      case Row::Shape::kOption:
        Option(out, row, defaults);
        break;
      case Row::Shape::kEntries:
        Entries(out, row);
        break;
      case Row::Shape::kSection:
        Section(out, *row.table, static_cast<const char*>(defaults) + row.offset, row.spec.doc);
        break;
    }
  }
  out.EndObject();
  if (!required) {
    return;
  }
  out.Key("required").BeginArray();
  for (const Row& row : table.rows) {
    if (row.spec.required) {
      out.String(row.key);
    }
  }
  out.EndArray();
}

void Section(Writer& out, const TableData& table, const void* defaults, std::string_view doc) {
  out.BeginObject().Key("description").String(doc);
  out.Key("type").BeginArray().String("object").String("null").EndArray();
  out.Key("additionalProperties").Bool(false);
  Properties(out, table, defaults);
  out.EndObject();
}

void Pattern(Writer& out, std::string_view name, std::string_view pattern) {
  out.Key(name).BeginObject().Key("type").String("string");
  out.Key("pattern").String(pattern).EndObject();
}

void Definitions(Writer& out) {
  out.Key("$defs").BeginObject();
  Pattern(out, "variable", "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}");
  Pattern(out, "duration", "^[0-9]+(us|ms|s|m|h|d)$");
  Pattern(out, "size", "^[0-9]+(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$");
  Pattern(out, "host_port", "^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}$");
  Pattern(out, "url", "^[A-Za-z][A-Za-z0-9+-]*://[^\\s]+$");
  // An unquoted 12345 or true is text where text is expected.
  out.Key("text").BeginObject().Key("type").BeginArray();
  out.String("string").String("number").String("boolean").EndArray().EndObject();
  out.EndObject();
}

}  // namespace

std::string SchemaText(const TableData& root) {
  std::string text;
  Writer out(text);
  out.BeginObject().Key("$schema").String("https://json-schema.org/draft/2020-12/schema");
  out.Key("title").String("Signalbox configuration").Key("description").String(root.doc);
  out.Key("type").BeginArray().String("object").String("null").EndArray();
  out.Key("additionalProperties").Bool(false);
  Properties(out, root, root.defaults.get());
  Definitions(out);
  out.EndObject();
  return text;
}

}  // namespace signalbox::config
