#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/config/diff.h"
#include "base/config/problem.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"

namespace signalbox::api {
namespace {

using config::Row;
using config::TableData;
using core::ErrorCode;
using core::Fail;

std::string_view NameOf(json::Kind kind) {
  switch (kind) {
    case json::Kind::kNull:
      return "null";
    case json::Kind::kBool:
      return "true or false";
    case json::Kind::kNumber:
      return "a number";
    case json::Kind::kString:
      return "a text";
    case json::Kind::kArray:
      return "a list";
    case json::Kind::kObject:
      return "an object";
  }
  return {};
}

core::Status Complain(const std::string& path, std::string_view what) {
  return Fail(ErrorCode::kInvalidRequest, fmt::format("{}: {}", path, what), path);
}

core::Status WrongKind(const std::string& path, const Row& row, json::Kind found) {
  return Complain(path, fmt::format("expected {}, found {}",
                                    row.shape == Row::Shape::kOption ? row.Expected() : "an object",
                                    NameOf(found)));
}

// A name that was sent, as it may stand in a message.
std::string Quotable(std::string_view name) {
  const bool plain = name.size() <= 64 && std::ranges::all_of(name, [](unsigned char c) {
                       return c >= 0x20 && c < 0x7f && c != '"';
                     });
  return plain ? fmt::format("\"{}\"", name) : "of a name that is none";
}

core::Status Unknown(const TableData& table, std::string_view what, std::string_view name) {
  std::vector<std::string> names;
  for (const Row& row : table.rows) {
    names.push_back(row.key);
  }
  const std::string nearest = config::Nearest(name, names);
  const std::string advice =
      !nearest.empty()
          ? fmt::format("did you mean \"{}\"?", nearest)
          : fmt::format("there {} {}", names.empty() ? "is none" : "are", fmt::join(names, ", "));
  return Fail(ErrorCode::kInvalidRequest,
              fmt::format("unknown {} {}; {}", what, Quotable(name), advice),
              name.size() <= 64 ? std::string(name) : std::string());
}

core::Status Members(const TableData& table, const json::Value& value, const std::string& path,
                     void* object);

core::Status List(const Row& row, const json::Value& value, const std::string& path, void* object) {
  if (!value.IsArray()) {
    return WrongKind(path, row, value.kind());
  }
  std::vector<std::string> items;
  for (auto item = value.FirstChild(); item; item = item->NextIn(value)) {
    auto text = item->AsString();
    if (!text) {
      return Complain(
          path, fmt::format("expected a list of texts, found {} in it", NameOf(item->kind())));
    }
    items.push_back(*std::move(text));
  }
  if (const auto complaint = config::ReadItems(std::move(items), row.spec, row.Slot(object))) {
    return Complain(path, *complaint);
  }
  return {};
}

core::Status Option(const Row& row, const json::Value& value, const std::string& path,
                    void* object) {
  const config::Kind kind = row.codec->kind();
  if (kind == config::Kind::kList) {
    return List(row, value, path, object);
  }
  const bool object_wanted = row.codec == &JsonObjectCodec();
  const bool number = kind == config::Kind::kInt || kind == config::Kind::kDouble;
  const bool word = value.IsString() && number && !row.spec.names.empty();
  const json::Kind wanted = kind == config::Kind::kBool ? json::Kind::kBool
                            : object_wanted             ? json::Kind::kObject
                            : number && !word           ? json::Kind::kNumber
                                                        : json::Kind::kString;
  if (value.kind() != wanted) {
    return WrongKind(path, row, value.kind());
  }
  const std::string text =
      value.IsString() ? value.AsString().value_or("") : std::string(value.Raw());
  if (const auto complaint = row.Read(text, object)) {
    return Complain(path, *complaint);
  }
  return {};
}

core::Status Entries(const Row& row, const json::Value& value, const std::string& path,
                     void* object) {
  if (!value.IsObject()) {
    return WrongKind(path, row, value.kind());
  }
  void* map = row.Slot(object);
  for (auto key = value.FirstChild(); key;) {
    const auto entry = key->NextIn(value);
    const std::string name = key->AsString().value_or("");
    if (name.empty() || name.size() > 128) {
      return Complain(path, "a name in it is empty or longer than 128 bytes");
    }
    SB_CHECK_OK(
        Members(*row.table, *entry, config::Join(path, name), row.entries->find_or_add(map, name)));
    key = entry->NextIn(value);
  }
  return {};
}

core::Status Member(const Row& row, const json::Value& value, const std::string& path,
                    void* object) {
  switch (row.shape) {
    case Row::Shape::kOption:
      return Option(row, value, path, object);
    case Row::Shape::kEntries:
      return Entries(row, value, path, object);
    case Row::Shape::kSection:
      return value.IsObject() ? Members(*row.table, value, path, row.Slot(object))
                              : WrongKind(path, row, value.kind());
  }
  return {};
}

core::Status Members(const TableData& table, const json::Value& value, const std::string& path,
                     void* object) {
  if (!value.IsObject()) {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("expected an object, found {}", NameOf(value.kind())), path);
  }
  for (auto key = value.FirstChild(); key;) {
    const auto member = key->NextIn(value);
    const std::string name = key->AsString().value_or("");
    const Row* row = table.Find(name);
    if (row == nullptr) {
      return Unknown(table, "member", name);
    }
    SB_CHECK_OK(Member(*row, *member, config::Join(path, name), object));
    key = member->NextIn(value);
  }
  for (const Row& row : table.rows) {
    if (row.spec.required && !value.Find(row.key)) {
      return Complain(config::Join(path, row.key),
                      fmt::format("is missing; expected {}", row.Expected()));
    }
  }
  return {};
}

}  // namespace

std::string PercentDecoded(std::string_view text, bool plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr ==
            text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

core::Status ReadJson(const TableData& table, std::string_view text, void* object) {
  if (text.empty()) {
    return Fail(ErrorCode::kInvalidRequest, "the body is missing; expected a JSON object");
  }
  json::Document document;
  SB_CHECK_OK(document.Parse(text, {.max_depth = kMostBodyDepth}));
  return Members(table, document.Root(), "", object);
}

core::Status ReadQuery(const TableData& table, std::string_view query, void* object) {
  std::vector<const Row*> read;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = PercentDecoded(pair.substr(0, equals), /*plus=*/true);
    const Row* row = table.Find(name);
    if (row == nullptr) {
      return Unknown(table, "parameter", name);
    }
    if (std::ranges::find(read, row) != read.end()) {
      return Complain(name, "stands twice");
    }
    read.push_back(row);
    const std::string value =
        PercentDecoded(pair.substr(std::min(equals + 1, pair.size())), /*plus=*/true);
    if (const auto complaint = row->Read(value, object)) {
      return Complain(name, *complaint);
    }
  }
  for (const Row& row : table.rows) {
    if (row.spec.required && std::ranges::find(read, &row) == read.end()) {
      return Complain(row.key, fmt::format("is missing; expected {}", row.Expected()));
    }
  }
  return {};
}

}  // namespace signalbox::api
