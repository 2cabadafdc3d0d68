// Configurations as values by path.
#include <fmt/format.h>

#include "base/config/diff.h"
#include "base/config/problem.h"

namespace signalbox::config {
namespace {

void FlattenInto(const TableData& table, const void* object, const std::string& path, Values& out) {
  for (const Row& row : table.rows) {
    const std::string row_path = Join(path, row.key);
    const void* member = static_cast<const char*>(object) + row.offset;
    if (row.shape == Row::Shape::kSection) {
      FlattenInto(*row.table, member, row_path, out);
    } else if (row.shape == Row::Shape::kEntries) {
      for (const auto& [name, entry] : row.entries->list(member)) {
        FlattenInto(*row.table, entry, Join(row_path, name), out);
      }
    } else if (row.codec->kind() == Kind::kList) {
      const std::vector<std::string>& items = ItemsOf(row, object);
      for (std::size_t i = 0; i < items.size(); ++i) {
        out[fmt::format("{}[{}]", row_path, i)] = items[i];
      }
    } else if (auto text = TextOf(row, object)) {
      out[row_path] = *std::move(text);
    }
  }
}

// Whether the option at `path` is reloadable, told by the table's keys in it.
bool IsReloadable(const TableData& table, std::string_view path) {
  for (const Row& row : table.rows) {
    const bool here =
        path.starts_with(row.key) && (path.size() == row.key.size() ||
                                      path[row.key.size()] == '.' || path[row.key.size()] == '[');
    if (!here) {
      continue;
    }
    if (row.shape == Row::Shape::kOption || path.size() == row.key.size()) {
      return !row.spec.restart;
    }
    path.remove_prefix(row.key.size());
    if (row.shape == Row::Shape::kEntries) {
      const bool quoted = path.starts_with("[\"");
      const auto end = quoted ? path.find("\"]") + 2 : path.find_first_of(".[", 1);
      path = end < path.size() ? path.substr(end) : std::string_view();
    }
    return !path.empty() && IsReloadable(*row.table, path.substr(1));
  }
  return false;
}

}  // namespace

std::optional<std::string> TextOf(const Row& row, const void* object) {
  const void* value = row.Value(object);
  if (value == nullptr) {
    return std::nullopt;
  }
  std::string text = row.codec->Write(row.spec, value);
  if (row.IsSecret()) {
    return text.empty() ? std::nullopt : std::optional(std::string(kSecretSet));
  }
  const bool may_be_empty = row.codec->kind() == Kind::kText || row.codec->kind() == Kind::kList;
  return text.empty() && !may_be_empty ? std::nullopt : std::optional(std::move(text));
}

const std::vector<std::string>& ItemsOf(const Row& row, const void* object) {
  static const std::vector<std::string> kNone;
  const void* value = row.Value(object);
  return value == nullptr ? kNone : *static_cast<const std::vector<std::string>*>(value);
}

Values FlattenObject(const TableData& table, const void* object) {
  Values out;
  FlattenInto(table, object, "", out);
  return out;
}

Changes DiffValues(const TableData& table, const Values& before, const Values& after) {
  Values all = before;
  all.insert(after.begin(), after.end());
  Changes changes;
  for (const auto& [path, unused] : all) {
    const auto find = [&key = path](const Values& values) {
      const auto found = values.find(key);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    };
    auto old_text = find(before);
    auto new_text = find(after);
    if (old_text != new_text) {
      changes.push_back({.path = path,
                         .before = std::move(old_text),
                         .after = std::move(new_text),
                         .reloadable = IsReloadable(table, path)});
    }
  }
  return changes;
}

}  // namespace signalbox::config
