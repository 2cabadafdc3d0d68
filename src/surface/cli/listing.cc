#include "surface/cli/listing.h"

#include <fmt/format.h>

#include "surface/cli/table.h"

namespace signalbox::cli {
namespace {

std::unexpected<core::Error> NoAnswer() {
  return core::Fail(core::ErrorCode::kUpstreamProtocol,
                    "the answer is not what was asked for; is this a Signalbox? see --url");
}

std::optional<json::Value> Follow(const json::Value& row, std::string_view member) {
  std::optional<json::Value> at = row;
  while (at && !member.empty()) {
    const std::size_t dot = std::min(member.find('.'), member.size());
    at = at->Find(member.substr(0, dot));
    member.remove_prefix(std::min(dot + 1, member.size()));
  }
  return at;
}

// "2026-11-21T09:30:00.123Z" to the second.
std::string Shorter(std::string text) {
  if (text.size() == 24 && text[10] == 'T' && text[19] == '.' && text.ends_with('Z')) {
    return text.substr(0, 10) + " " + text.substr(11, 8);
  }
  return text;
}

void AddLines(const json::Value& object, const std::string& before, const Terminal& terminal,
              std::string& out) {
  json::ForEachMember(object, [&](const json::Value& key, const json::Value& value) {
    const std::string name = before + key.AsString().value_or("");
    if (value.IsObject() && name != "metadata") {
      AddLines(value, name + ".", terminal, out);
      return;
    }
    const std::string text = value.IsObject() ? std::string(value.Raw()) : CellText(value);
    if (!text.empty()) {
      out += Painted(terminal, Paint::kDim, name + ":") + " " + Printable(text) + "\n";
    }
  });
}

}  // namespace

std::string CellText(const json::Value& value) {
  if (value.IsNull()) {
    return {};
  }
  if (value.IsArray()) {
    std::string out;
    json::ForEachElement(value, [&](const json::Value& each) {
      out.append(out.empty() ? "" : ",").append(CellText(each));
    });
    return out;
  }
  return value.IsString() ? Shorter(value.AsString().value_or("")) : std::string(value.Raw());
}

core::Result<std::string> ListText(std::string_view body, std::span<const ListColumn> columns,
                                   const Terminal& terminal, std::size_t* rows) {
  json::Document document;
  const auto data = document.Parse(body) ? document.Root().Find("data") : std::nullopt;
  if (!data || !data->IsArray()) {
    return NoAnswer();
  }
  std::vector<Column> headings;
  for (const ListColumn& column : columns) {
    headings.push_back({.heading = std::string(column.heading),
                        .right = column.right,
                        .least = column.least,
                        .leave_out = column.leave_out});
  }
  Table table(std::move(headings));
  json::ForEachElement(*data, [&](const json::Value& row) {
    std::vector<Cell> cells;
    for (const ListColumn& column : columns) {
      const auto value = Follow(row, column.member);
      cells.push_back({value ? Printable(CellText(*value)) : ""});
    }
    table.Add(std::move(cells));
    ++*rows;
  });
  return table.Rendered(terminal);
}

std::string NextOf(std::string_view body) {
  json::Document document;
  const auto next = document.Parse(body) ? document.Root().Find("next") : std::nullopt;
  return next ? next->AsString().value_or("") : "";
}

core::Result<std::string> ShowText(std::string_view body, const Terminal& terminal) {
  json::Document document;
  if (!document.Parse(body) || !document.Root().IsObject()) {
    return NoAnswer();
  }
  std::string out;
  AddLines(document.Root(), "", terminal, out);
  return out;
}

}  // namespace signalbox::cli
