// The reference page, docs/configuration.md, made from the tables.
#include <fmt/format.h>

#include "base/config/show.h"

namespace signalbox::config {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

This page is generated from the option tables; a test compares them.

Nothing is required: without a file Signalbox starts with its defaults. `signalbox config check`
lists every mistake of a file at once, with line and column; `signalbox config show` prints the
configuration in effect and where each value came from. With any mistake Signalbox does not start.

**Where values come from**, later over earlier: the defaults below, the YAML file
(`signalbox serve --config FILE`, at most 1 MiB, one document), the environment, the command line.

**Environment.** `server.listen` is `SIGNALBOX_SERVER__LISTEN`: the path in capitals with two
underscores between levels, every character of an entry's name that is no letter or digit as `_`.
Lists are written with commas. An empty variable counts as not set; a name with two underscores that
is no option is an error. An entry that the file does not have is made by its first variable.

**Variables in values.** `${NAME}` takes an environment variable and fails when it is not set,
`${NAME:-default}` falls back, `$${` is a plain `${`. That is how secrets belong in a file; a secret
is never printed, only `<set>` or `<not set>`.

**Values.** Durations `250us`, `300ms`, `10s`, `5m`, `2h`, `7d`. Sizes `512B`, `64KiB`, `32MiB`,
`1GiB` (powers of two) and `64KB`, `32MB`, `1GB` (powers of ten). Booleans `true` and `false`. Whole
numbers in decimal. Anchors and aliases work; tags and merge keys (`<<`) do not.

*Reload* says whether a change is taken over while running or needs a restart.
)";

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
                          DefaultText(row, defaults), row.spec.reloadable ? "yes" : "restart",
                          Cell(row.spec.doc));
    } else {
      rows += fmt::format("| `{}` | {} | | | {} |\n", row.key, Cell(row.Expected()),
                          Cell(row.spec.doc));
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
  std::string out(kIntroduction);
  Section(root, root.defaults.get(), "", root.doc, out);
  return out;
}

}  // namespace signalbox::config
