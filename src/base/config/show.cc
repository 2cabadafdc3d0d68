#include "base/config/show.h"

#include <fmt/format.h>

#include "base/config/interpolate.h"
#include "base/json/writer.h"

namespace signalbox::config {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  json::AppendQuoted(out, text);
  return out;
}

// An entry's name as a YAML key: quoted unless it cannot be taken for anything but text.
std::string YamlKey(const std::string& name) {
  const bool letter = name.front() >= 'a' && name.front() <= 'z';
  const bool plain = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == name.npos;
  return letter && plain && name != "null" ? name : Quoted(name);
}

// The option's value, or an empty text when there is nothing to show.
std::string ValueText(const Row& row, const void* object) {
  const void* value = row.Value(object);
  return value == nullptr ? "" : row.codec->Write(row.spec, value);
}

bool IsText(const Row& row) {
  const Kind kind = row.codec->kind();
  return kind == Kind::kText || kind == Kind::kUrl || kind == Kind::kHostPort;
}

// Texts and lists may be empty and mean it, unless their bounds say otherwise; of everything else
// emptiness is 'not set'.
bool MayBeEmpty(const Row& row) {
  const bool text = row.codec->kind() == Kind::kText || row.codec->kind() == Kind::kList;
  return text && !(row.spec.min && row.spec.min->value() > 0);
}

std::string YamlList(const void* value) {
  std::string out = "[";
  for (const std::string& item : *static_cast<const std::vector<std::string>*>(value)) {
    out += (out.size() > 1 ? ", " : "") + Quoted(EscapeVariables(item));
  }
  return out + "]";
}

// nullopt: the key is not set and stands in a comment.
std::optional<std::string> YamlValue(const Row& row, const void* object) {
  const std::string text = ValueText(row, object);
  if (row.IsSecret()) {
    return std::string(text.empty() ? kSecretNotSet : kSecretSet);
  }
  const void* value = row.Value(object);
  if (value == nullptr || (text.empty() && !MayBeEmpty(row))) {
    return std::nullopt;
  }
  if (row.codec->kind() == Kind::kList) {
    return YamlList(value);
  }
  return IsText(row) ? Quoted(EscapeVariables(text)) : text;
}

class YamlPrinter {
 public:
  explicit YamlPrinter(const Sources& sources) : sources_(sources) {}

  void Section(const TableData& table, const void* object, const std::string& path, int depth) {
    for (const Row& row : table.rows) {
      const std::string row_path = Join(path, row.key);
      const void* member = static_cast<const char*>(object) + row.offset;
      if (row.shape == Row::Shape::kOption) {
        Option(row, object, row_path, depth);
      } else if (row.shape == Row::Shape::kSection) {
        Head(row.key, row.table->rows.empty(), depth);
        Section(*row.table, member, row_path, depth + 1);
      } else {
        Entries(row, member, row_path, depth);
      }
    }
  }

  std::string out;

 private:
  void Entries(const Row& row, const void* map, const std::string& path, int depth) {
    const auto entries = row.entries->list(map);
    Head(row.key, entries.empty(), depth);
    for (const auto& [name, entry] : entries) {
      Head(YamlKey(name), row.table->rows.empty(), depth + 1);
      Section(*row.table, entry, Join(path, name), depth + 2);
    }
  }

  void Head(const std::string& key, bool empty, int depth) {
    out += fmt::format("{:{}}{}:{}\n", "", depth * 2, key, empty ? " {}" : "");
  }

  void Option(const Row& row, const void* object, const std::string& path, int depth) {
    const auto value = YamlValue(row, object);
    const std::string line = value ? fmt::format("{:{}}{}: {}", "", depth * 2, row.key, *value)
                                   : fmt::format("{:{}}# {}: not set", "", depth * 2, row.key);
    const auto source = sources_.all().find(path);
    out += source == sources_.all().end() ? fmt::format("{}  # default\n", line)
                                          : fmt::format("{}  # {}\n", line, source->second.Text());
  }

  const Sources& sources_;
};

void JsonValue(const Row& row, const void* object, json::Writer& out) {
  const void* value = row.Value(object);
  const std::string text = ValueText(row, object);
  if (row.IsSecret()) {
    out.String(text.empty() ? kSecretNotSet : kSecretSet);
    return;
  }
  if (value == nullptr || (text.empty() && !MayBeEmpty(row))) {
    out.Null();
    return;
  }
  switch (row.codec->kind()) {
    case Kind::kBool:
      out.Bool(text == "true");
      return;
    case Kind::kDouble:
      out.Double(*static_cast<const double*>(value));
      return;
    case Kind::kInt: {
      const bool number = text.find_first_not_of("-0123456789") == text.npos;
      number ? out.Raw(text) : out.String(text);
      return;
    }
    case Kind::kList:
      out.BeginArray();
      for (const auto& item : *static_cast<const std::vector<std::string>*>(value)) {
        out.String(item);
      }
      out.EndArray();
      return;
    default:
      out.String(text);
  }
}

void JsonSection(const TableData& table, const void* object, json::Writer& out) {
  out.BeginObject();
  for (const Row& row : table.rows) {
    const void* member = static_cast<const char*>(object) + row.offset;
    out.Key(row.key);
    if (row.shape == Row::Shape::kOption) {
      JsonValue(row, object, out);
    } else if (row.shape == Row::Shape::kSection) {
      JsonSection(*row.table, member, out);
    } else {
      out.BeginObject();
      for (const auto& [name, entry] : row.entries->list(member)) {
        out.Key(name);
        JsonSection(*row.table, entry, out);
      }
      out.EndObject();
    }
  }
  out.EndObject();
}

}  // namespace

std::string ShowYaml(const TableData& table, const void* object, const Sources& sources) {
  YamlPrinter printer(sources);
  printer.Section(table, object, "", 0);
  return std::move(printer.out);
}

std::string ShowJson(const TableData& table, const void* object, const Sources& sources) {
  std::string out;
  json::Writer writer(out);
  writer.BeginObject().Key("configuration");
  JsonSection(table, object, writer);
  writer.Key("sources").BeginObject();
  for (const auto& [path, source] : sources.all()) {
    writer.Key(path).String(source.Text());
  }
  writer.EndObject().EndObject();
  return out;
}

}  // namespace signalbox::config
