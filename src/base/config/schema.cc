// The JSON Schema, made from the tables: https://json-schema.org/draft/2020-12/schema
#include <fmt/format.h>

#include <algorithm>

#include "base/config/loader.h"
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
      break;
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
  if (row.IsSecret()) {
    Reference(out, "secret");
  }
  out.EndArray();
  Default(out, row, defaults);
  out.EndObject();
}

// A profile changes what the rest of the file says, so it needs nothing of its own.
enum class Part { kWhole, kProfile };

void Section(Writer& out, const TableData& table, const void* defaults, std::string_view doc,
             Part part);

void Entries(Writer& out, const Row& row, Part part) {
  out.BeginObject().Key("description").String(row.spec.doc);
  out.Key("type").BeginArray().String("object").String("null").EndArray();
  out.Key("propertyNames").BeginObject();
  out.Key("pattern").String("^[A-Za-z0-9._@/:+-]{1,128}$").EndObject();
  out.Key("additionalProperties");
  Section(out, *row.table, row.table->defaults.get(), row.table->doc, part);
  out.EndObject();
}

void Rows(Writer& out, const TableData& table, const void* defaults, Part part) {
  for (const Row& row : table.rows) {
    out.Key(row.key);
    switch (row.shape) {
      case Row::Shape::kOption:
        Option(out, row, defaults);
        break;
      case Row::Shape::kEntries:
        Entries(out, row, part);
        break;
      case Row::Shape::kSection:
        Section(out, *row.table, static_cast<const char*>(defaults) + row.offset, row.spec.doc,
                part);
        break;
    }
  }
}

void Required(Writer& out, const TableData& table) {
  const auto required = [](const Row& row) { return row.spec.required; };
  if (std::ranges::none_of(table.rows, required)) {
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

void Section(Writer& out, const TableData& table, const void* defaults, std::string_view doc,
             Part part) {
  out.BeginObject().Key("description").String(doc);
  const Row* one_word = table.OneWord();
  if (one_word != nullptr) {
    out.Key("anyOf").BeginArray();
    Forms(out, *one_word);
    out.BeginObject();
  }
  out.Key("type").BeginArray().String("object").String("null").EndArray();
  out.Key("additionalProperties").Bool(false);
  out.Key("properties").BeginObject();
  Rows(out, table, defaults, part);
  out.EndObject();
  if (part == Part::kWhole) {
    Required(out, table);
  }
  if (one_word != nullptr) {
    out.EndObject().EndArray();
  }
  out.EndObject();
}

void Description(Writer& out, std::string_view text) {
  out.Key("description").String(text);
}

// include and profiles, which are of the file and not of a table.
void Special(Writer& out) {
  out.Key(kIncludeKey).BeginObject();
  Description(out,
              "Files that belong to the configuration too, relative to this one; * ? [ ] name "
              "any number of them.");
  out.Key("anyOf").BeginArray();
  out.BeginObject().Key("type").String("string").EndObject();
  out.BeginObject().Key("type").String("array").Key("items").BeginObject();
  out.Key("type").String("string").EndObject().EndObject();
  out.EndArray().EndObject();
  out.Key(kProfilesKey).BeginObject();
  Description(out,
              "Changes by environment; SIGNALBOX_PROFILE or --profile says which is in effect.");
  out.Key("type").BeginArray().String("object").String("null").EndArray();
  out.Key("propertyNames").BeginObject();
  out.Key("pattern").String("^[A-Za-z0-9._@/:+-]{1,128}$").EndObject();
  out.Key("additionalProperties");
  Reference(out, "profile");
  out.EndObject();
}

void SecretForms(Writer& out) {
  const auto object = [&out](std::string_view key, std::string_view doc, const auto& forms) {
    out.BeginObject().Key("type").String("object").Key("additionalProperties").Bool(false);
    out.Key("required").BeginArray().String(key).EndArray();
    out.Key("properties").BeginObject().Key(key).BeginObject();
    Description(out, doc);
    forms();
    out.EndObject().EndObject().EndObject();
  };
  out.Key("secret").BeginObject().Key("anyOf").BeginArray();
  object("file", "The file that holds it, relative to this one.",
         [&out] { out.Key("type").String("string"); });
  object("command",
         "A program with its arguments, run without a shell, or a text for /bin/sh -c; "
         "what it prints is the secret.",
         [&out] {
           out.Key("anyOf").BeginArray();
           out.BeginObject().Key("type").String("string").EndObject();
           out.BeginObject().Key("type").String("array").Key("minItems").Int(1).Key("items");
           Reference(out, "text");
           out.EndObject().EndArray();
         });
  out.EndArray().EndObject();
}

void Pattern(Writer& out, std::string_view name, std::string_view pattern) {
  out.Key(name).BeginObject().Key("type").String("string");
  out.Key("pattern").String(pattern).EndObject();
}

void Definitions(Writer& out, const TableData& root) {
  out.Key("$defs").BeginObject();
  Pattern(out, "variable", "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}");
  Pattern(out, "duration", "^[0-9]+(us|ms|s|m|h|d)$");
  Pattern(out, "size", "^[0-9]+(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$");
  Pattern(out, "host_port", "^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}$");
  Pattern(out, "url", "^[A-Za-z][A-Za-z0-9+-]*://[^\\s]+$");
  // An unquoted 12345 or true is text where text is expected.
  out.Key("text").BeginObject().Key("type").BeginArray();
  out.String("string").String("number").String("boolean").EndArray().EndObject();
  SecretForms(out);
  out.Key("profile");
  Section(out, root, root.defaults.get(), "What is different with this profile.", Part::kProfile);
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
  out.Key("properties").BeginObject();
  Special(out);
  Rows(out, root, root.defaults.get(), Part::kWhole);
  out.EndObject();
  Required(out, root);
  Definitions(out, root);
  out.EndObject();
  return text;
}

}  // namespace signalbox::config
