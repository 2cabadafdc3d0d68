#include "base/config/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/config/problem.h"
#include "base/json/writer.h"

namespace signalbox::config {
namespace {

using Items = std::vector<std::string>;

class Comparison {
 public:
  void Section(const TableData& table, const void* before, const void* after,
               const std::string& path) {
    for (const Row& row : table.rows) {
      const std::string row_path = Join(path, row.key);
      const void* old_member = static_cast<const char*>(before) + row.offset;
      const void* new_member = static_cast<const char*>(after) + row.offset;
      if (row.shape == Row::Shape::kOption) {
        Option(row, before, after, row_path);
      } else if (row.shape == Row::Shape::kSection) {
        Section(*row.table, old_member, new_member, row_path);
      } else {
        Entries(row, old_member, new_member, row_path);
      }
    }
  }

  Changes changes;

 private:
  void Option(const Row& row, const void* before, const void* after, const std::string& path) {
    if (row.codec->kind() == Kind::kList) {
      return List(row, ItemsOf(row, before), ItemsOf(row, after), path);
    }
    auto old_text = TextOf(row, before);
    auto new_text = TextOf(row, after);
    const bool both = old_text && new_text;
    const bool equal = both ? row.codec->Equal(row.spec, row.Value(before), row.Value(after))
                            : !old_text && !new_text;
    if (equal) {
      return;
    }
    if (both && row.IsSecret()) {
      new_text = "<changed>";
    }
    Put(row, path, std::move(old_text), std::move(new_text));
  }

  void List(const Row& row, const Items& before, const Items& after, const std::string& path) {
    const auto at = [](const Items& items, std::size_t i) {
      return i < items.size() ? std::optional(items[i]) : std::nullopt;
    };
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
      if (at(before, i) != at(after, i)) {
        Put(row, fmt::format("{}[{}]", path, i), at(before, i), at(after, i));
      }
    }
  }

  void Entries(const Row& row, const void* before, const void* after, const std::string& path) {
    std::map<std::string, std::pair<const void*, const void*>> entries;
    for (const auto& [name, entry] : row.entries->list(before)) {
      entries[name].first = entry;
    }
    for (const auto& [name, entry] : row.entries->list(after)) {
      entries[name].second = entry;
    }
    for (const auto& [name, both] : entries) {
      const std::string entry_path = Join(path, name);
      const auto& [old_entry, new_entry] = both;
      if (old_entry != nullptr && new_entry != nullptr) {
        Section(*row.table, old_entry, new_entry, entry_path);
        continue;
      }
      changes.push_back({.path = entry_path,
                         .before = old_entry != nullptr ? std::optional("present") : std::nullopt,
                         .after = new_entry != nullptr ? std::optional("present") : std::nullopt,
                         .reloadable = !row.spec.restart,
                         .entry = true});
      if (new_entry != nullptr) {
        const auto outer = std::exchange(whole_, !row.spec.restart);
        Section(*row.table, row.table->defaults.get(), new_entry, entry_path);
        whole_ = outer;
      }
    }
  }

  void Put(const Row& row, const std::string& path, std::optional<std::string> before,
           std::optional<std::string> after) {
    changes.push_back({.path = path,
                       .before = std::move(before),
                       .after = std::move(after),
                       .reloadable = whole_.value_or(!row.spec.restart)});
  }

  std::optional<bool> whole_;  // inside an entry that is new: what holds for all of it
};

}  // namespace

std::string Change::Text() const {
  const std::string_view restart = reloadable ? "" : " (needs a restart)";
  if (entry) {
    return fmt::format("{}: {}{}", path, after ? "added" : "removed", restart);
  }
  return fmt::format("{}: {} -> {}{}", path, before.value_or("not set"), after.value_or("not set"),
                     restart);
}

Changes DiffObjects(const TableData& table, const void* before, const void* after) {
  Comparison comparison;
  comparison.Section(table, before, after, "");
  return std::move(comparison.changes);
}

bool NeedsRestart(const Changes& changes) {
  return std::ranges::any_of(changes, [](const Change& change) { return !change.reloadable; });
}

std::string Text(const Changes& changes) {
  std::string out;
  for (const Change& change : changes) {
    out += change.Text() + '\n';
  }
  return out;
}

std::string Json(const Changes& changes) {
  std::string out;
  json::Writer writer(out);
  const auto value = [&writer](const std::optional<std::string>& text) {
    text ? writer.String(*text) : writer.Null();
  };
  writer.BeginArray();
  for (const Change& change : changes) {
    writer.BeginObject().Key("path").String(change.path).Key("before");
    value(change.before);
    writer.Key("after");
    value(change.after);
    writer.Key("reload").Bool(change.reloadable).EndObject();
  }
  writer.EndArray();
  return out;
}

}  // namespace signalbox::config
