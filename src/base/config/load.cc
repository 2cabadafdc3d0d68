#include "base/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/config/include.h"
#include "base/config/loader.h"
#include "base/config/overrides.h"

namespace signalbox::config {
namespace {

// Every required option that nobody wrote, placed at the section that lacks it.
void CheckRequired(const TableData& table, const void* object, const std::string& path,
                   Outcome& outcome) {
  for (const Row& row : table.rows) {
    const std::string row_path = Join(path, row.key);
    const void* member = static_cast<const char*>(object) + row.offset;
    if (row.shape == Row::Shape::kSection) {
      CheckRequired(*row.table, member, row_path, outcome);
    } else if (row.shape == Row::Shape::kEntries) {
      for (const auto& [name, entry] : row.entries->list(member)) {
        CheckRequired(*row.table, entry, Join(row_path, name), outcome);
      }
    } else if (row.spec.required && !outcome.sources.all().contains(row_path)) {
      outcome.problems.push_back({outcome.sources.Find(path),
                                  fmt::format("{} is required: {}", row_path, row.Expected()),
                                  {},
                                  false,
                                  row_path});
    }
  }
}

// Whether `path` is `of` or inside it.
bool IsInside(std::string_view path, std::string_view of) {
  return path.starts_with(of) &&
         (path.size() == of.size() || path[of.size()] == '.' || path[of.size()] == '[');
}

// What stands in no file first, then in the order of the files and their lines.
void Sort(const LoadedFiles& files, std::vector<Problem>& problems) {
  std::map<std::string, std::size_t, std::less<>> order;
  for (const TextInput& text : files.texts) {
    order.emplace(text.name, order.size() + 1);
  }
  const auto rank = [&order](const Problem& p) {
    const auto found = order.find(p.source.name);
    return found == order.end() ? 0 : found->second;
  };
  std::ranges::sort(problems, [&](const Problem& a, const Problem& b) {
    return std::make_tuple(rank(a), a.source.line, a.source.column, std::string_view(a.message)) <
           std::make_tuple(rank(b), b.source.line, b.source.column, std::string_view(b.message));
  });
}

// The profile that is asked for, and by whom.
struct Wish {
  std::string name;
  Source source;
};

Wish ProfileWish(const Request& request) {
  if (!request.profile.empty()) {
    return {request.profile, {.kind = Source::Kind::kCommandLine, .name = request.profile_option}};
  }
  const auto variable = request.environment.Find(kProfileVariable);
  return {std::string(variable.value_or("")),
          {.kind = Source::Kind::kEnvironment, .name = std::string(kProfileVariable)}};
}

void CheckProfile(const Wish& wish, const std::vector<std::string>& known,
                  std::vector<Problem>& problems) {
  if (wish.name.empty() || std::ranges::find(known, wish.name) != known.end()) {
    return;
  }
  problems.push_back({wish.source,
                      known.empty()
                          ? "names a profile, and the configuration has no profiles"
                          : fmt::format("names no profile of the configuration; it has {}",
                                        fmt::join(known, ", ")),
                      Nearest(wish.name, known)});
}

void ReadDocuments(const TableData& table, void* object, TextInput input, const Request& request,
                   Outside& outside, Outcome& outcome) {
  const auto documents =
      IncludeReader(request.environment, outside, outcome.files, outcome.problems)
          .Read(std::move(input));
  Loader loader(request.environment, outside, outcome);
  loader.Read(table, object, documents);
}

}  // namespace

void LoadInto(const TableData& table, void* object, std::optional<TextInput> input,
              const Request& request, Outside& outside, Outcome& outcome) {
  const Wish wish = ProfileWish(request);
  outcome.profile = wish.name;
  if (input) {
    ReadDocuments(table, object, *std::move(input), request, outside, outcome);
  }
  std::vector<Problem> elsewhere;
  const bool readable = std::ranges::none_of(outcome.problems, [](const Problem& p) {
    return p.fatal;  // the file's values are not known, so neither is what it lacks
  });
  if (readable) {
    CheckProfile(wish, outcome.profiles, elsewhere);
  }
  OverrideFromEnvironment(table, object, request.environment, outside, outcome, elsewhere);
  OverrideFromCommandLine(table, object, request.overrides, outcome.sources, elsewhere);
  if (readable) {
    CheckRequired(table, object, "", outcome);
  }
  Sort(outcome.files, outcome.problems);
  std::ranges::move(elsewhere, std::back_inserter(outcome.problems));
}

bool Outcome::Sound(std::string_view path) const {
  return std::ranges::none_of(problems, [path](const Problem& problem) {
    return problem.fatal || !problem.path || IsInside(*problem.path, path) ||
           (!problem.path->empty() && IsInside(path, *problem.path));
  });
}

std::optional<TextInput> ReadFirst(const Request& request, Outside& outside, Outcome& outcome) {
  if (!request.file) {
    return std::nullopt;
  }
  auto file = outside.Read(*request.file, kMaxFileBytes, /*secret=*/false);
  outcome.files.stamps.push_back({*request.file, file ? file->stamp : FileStamp{}});
  if (!file) {
    outcome.problems.push_back(
        {{.kind = Source::Kind::kFile, .name = *request.file}, std::move(file).error(), {}, true});
    return std::nullopt;
  }
  return TextInput{*request.file, std::move(file->text)};
}

std::optional<TextInput> ReadInput(const std::string& path, std::vector<Problem>& problems) {
  Outcome outcome;
  auto input = ReadFirst({.file = path}, System(), outcome);
  std::ranges::move(outcome.problems, std::back_inserter(problems));
  return input;
}

}  // namespace signalbox::config
