#include "base/config/diff.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"

namespace signalbox::api {
namespace {

using config::Row;

void Option(const Row& row, const void* object, json::Writer& out) {
  const void* value = row.Value(object);
  if (value == nullptr) {
    out.Null();
    return;
  }
  if (row.codec == &JsonObjectCodec()) {
    out.Raw(row.codec->Write(row.spec, value));
    return;
  }
  switch (row.codec->kind()) {
    case config::Kind::kBool:
      out.Bool(*static_cast<const bool*>(value));
      return;
    case config::Kind::kDouble:
      out.Raw(row.codec->Write(row.spec, value));
      return;
    case config::Kind::kInt: {
      const std::string text = row.codec->Write(row.spec, value);
      text.find_first_not_of("-0123456789") == text.npos ? out.Raw(text) : out.String(text);
      return;
    }
    case config::Kind::kList:
      out.BeginArray();
      for (const std::string& item : config::ItemsOf(row, object)) {
        out.String(item);
      }
      out.EndArray();
      return;
    default:
      out.String(row.codec->Write(row.spec, value));
  }
}

}  // namespace

void WriteJson(const config::TableData& table, const void* object, json::Writer& out) {
  out.BeginObject();
  for (const Row& row : table.rows) {
    out.Key(row.key);
    switch (row.shape) {
      case Row::Shape::kOption:
        Option(row, object, out);
        break;
      case Row::Shape::kSection:
        WriteJson(*row.table, row.Value(object), out);
        break;
      case Row::Shape::kEntries:
        out.BeginObject();
        for (const auto& [name, entry] : row.entries->list(row.Value(object))) {
          out.Key(name);
          WriteJson(*row.table, entry, out);
        }
        out.EndObject();
        break;
    }
  }
  out.EndObject();
}

}  // namespace signalbox::api
