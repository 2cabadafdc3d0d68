#include "base/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <tuple>

#include "base/config/loader.h"
#include "base/config/overrides.h"
#include "base/core/error.h"

namespace signalbox::config {
namespace {

// Every required option that nobody wrote, placed at the section that lacks it.
void CheckRequired(const TableData& table, const void* object, const std::string& path,
                   const Sources& sources, std::vector<Problem>& problems) {
  for (const Row& row : table.rows) {
    const std::string row_path = Join(path, row.key);
    const void* member = static_cast<const char*>(object) + row.offset;
    if (row.shape == Row::Shape::kSection) {
      CheckRequired(*row.table, member, row_path, sources, problems);
    } else if (row.shape == Row::Shape::kEntries) {
      for (const auto& [name, entry] : row.entries->list(member)) {
        CheckRequired(*row.table, entry, Join(row_path, name), sources, problems);
      }
    } else if (row.spec.required && !sources.all().contains(row_path)) {
      problems.push_back(
          {sources.Find(path), fmt::format("{} is required: {}", row_path, row.Expected())});
    }
  }
}

bool IsEarlier(const Problem& a, const Problem& b) {
  return std::tie(a.source.line, a.source.column, a.message) <
         std::tie(b.source.line, b.source.column, b.message);
}

}  // namespace

void LoadInto(const TableData& table, void* object, const std::optional<TextInput>& input,
              const Environment& environment, const std::vector<Override>& overrides,
              Sources& sources, std::vector<Problem>& problems) {
  std::vector<Problem> elsewhere;
  if (input) {
    Loader(input->name, environment, sources, problems).Read(table, object, input->text);
  }
  OverrideFromEnvironment(table, object, environment, sources, elsewhere);
  OverrideFromCommandLine(table, object, overrides, sources, elsewhere);
  const bool readable = std::ranges::none_of(problems, [](const Problem& p) {
    return p.fatal;  // the file's values are not known, so neither is what it lacks
  });
  if (readable) {
    CheckRequired(table, object, "", sources, problems);
  }
  std::ranges::sort(problems, IsEarlier);
  std::ranges::move(elsewhere, std::back_inserter(problems));
}

std::optional<TextInput> ReadInput(const std::string& path, std::vector<Problem>& problems) {
  const auto fail = [&](std::string message) {
    problems.push_back({{.kind = Source::Kind::kFile, .name = path}, std::move(message), {}, true});
    return std::nullopt;
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) {
    return fail("cannot be opened: " + core::ErrnoMessage(errno));
  }
  TextInput input{path, std::string(kMaxFileBytes + 1, '\0')};
  input.text.resize(std::fread(input.text.data(), 1, input.text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return fail("cannot be read: " + core::ErrnoMessage(errno));
  }
  return input;
}

}  // namespace signalbox::config
