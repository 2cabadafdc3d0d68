// The reference page, docs/configuration.md: the language, then the tables.
#include <fmt/format.h>

#include "base/config/show.h"

namespace signalbox::config {
namespace {

std::string Cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
  }
  return out;
}

std::string Code(std::string_view text) {
  return text.empty() ? "" : fmt::format("`{}`", Cell(text));
}

// What the option takes, without the examples that error messages add.
std::string TypeText(const Row& row) {
  const std::string expected = row.Expected();
  return Cell(expected.substr(0, std::min(expected.find(", such as"), expected.find(", best as"))));
}

std::string DefaultText(const Row& row, const void* defaults) {
  if (row.spec.required) {
    return "required";
  }
  const void* value = row.Value(defaults);
  const std::string text = value == nullptr ? "" : row.codec->Write(row.spec, value);
  return text.empty() || row.IsSecret() ? "none" : Code(text);
}

// Whether entries may come and go while running; a section's keys say it each for itself.
std::string_view EntriesReload(const Row& row) {
  return row.shape == Row::Shape::kSection ? "" : row.spec.restart ? "restart" : "yes";
}

void Section(const TableData& table, const void* defaults, const std::string& path,
             std::string_view doc, std::string& out);

void Inner(const Row& row, const void* defaults, const std::string& path, std::string& out) {
  const std::string inner = path.empty() ? row.key : path + "." + row.key;
  if (row.shape == Row::Shape::kSection) {
    Section(*row.table, static_cast<const char*>(defaults) + row.offset, inner, row.spec.doc, out);
  } else if (row.shape == Row::Shape::kEntries) {
    Section(*row.table, row.table->defaults.get(), fmt::format("{}.<{}>", inner, row.table->name),
            row.spec.doc, out);
  }
}

void Section(const TableData& table, const void* defaults, const std::string& path,
             std::string_view doc, std::string& out) {
  out += path.empty() ? "\n## Top level\n" : fmt::format("\n## `{}`\n", path);
  out += fmt::format("\n{}\n", doc);
  std::string rows;
  for (const Row& row : table.rows) {
    if (row.shape == Row::Shape::kOption) {
      rows += fmt::format("| `{}` | {} | {} | {} | {} |\n", row.key, TypeText(row),
                          DefaultText(row, defaults), row.spec.restart ? "restart" : "yes",
                          Cell(row.spec.doc));
    } else {
      rows += fmt::format("| `{}` | {} | | {} | {} |\n", row.key, Cell(row.Expected()),
                          EntriesReload(row), Cell(row.spec.doc));
    }
  }
  if (!rows.empty()) {
    out += "\n| key | value | default | reload | |\n|---|---|---|---|---|\n" + rows;
  }
  for (const Row& row : table.rows) {
    Inner(row, defaults, path, out);
  }
}

}  // namespace

std::string ReferencePage(const TableData& root) {
  std::string out(ReferenceIntroduction());
  Section(root, root.defaults.get(), "", root.doc, out);
  return out;
}

}  // namespace signalbox::config
