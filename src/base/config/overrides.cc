#include "base/config/overrides.h"

#include <fmt/format.h>

#include "base/config/loader.h"

namespace signalbox::config {
namespace {

constexpr std::string_view kFileSuffix = "_FILE";

using Words = std::vector<std::string>;

Words Split(std::string_view text, std::string_view separator) {
  Words words;
  while (true) {
    const auto at = text.find(separator);
    words.emplace_back(text.substr(0, at));
    if (at == text.npos) {
      return words;
    }
    text.remove_prefix(at + separator.size());
  }
}

std::string LowerCase(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return text;
}

// Where one override goes, or why it goes nowhere.
struct Goal {
  const Row* row = nullptr;
  void* object = nullptr;
  std::string path;
  bool file = false;  // the value is the path of a file that holds the secret
  std::string message;
  std::string suggestion;  // the word to put in place of `words[at]`
  std::size_t at = 0;
};

std::string EntryName(const Row& row, const void* map, const std::string& word) {
  for (const auto& [name, entry] : row.entries->list(map)) {
    if (VariableWord(name) == word) {
      return name;
    }
  }
  return LowerCase(word);
}

Goal Miss(const TableData& table, const Words& words, std::size_t at) {
  Goal goal;
  Words keys;
  for (const Row& row : table.rows) {
    keys.push_back(VariableWord(row.key));
  }
  goal.message = "names no option";
  goal.suggestion = Nearest(words[at], keys);
  goal.at = at;
  return goal;
}

const Row* FindByWord(const TableData& table, std::string_view word) {
  for (const Row& row : table.rows) {
    if (VariableWord(row.key) == word) {
      return &row;
    }
  }
  return nullptr;
}

// The secret that `word` names the file of.
const Row* FindSecretOfFile(const TableData& table, std::string_view word) {
  if (!word.ends_with(kFileSuffix)) {
    return nullptr;
  }
  const Row* row = FindByWord(table, word.substr(0, word.size() - kFileSuffix.size()));
  return row != nullptr && row->IsSecret() ? row : nullptr;
}

Goal Resolve(const TableData& root, void* object, const Words& words) {
  const TableData* table = &root;
  Goal goal;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const bool last = at + 1 == words.size();
    const Row* row = FindByWord(*table, words[at]);
    if (row == nullptr && last) {
      row = FindSecretOfFile(*table, words[at]);
      goal.file = row != nullptr;
    }
    if (row == nullptr || (row->shape == Row::Shape::kOption && !last)) {
      return Miss(*table, words, at);
    }
    goal.path = Join(goal.path, row->key);
    if (row->shape == Row::Shape::kOption) {
      goal.row = row;
      goal.object = object;
      return goal;
    }
    object = static_cast<char*>(object) + row->offset;
    table = row->table.get();
    if (row->shape == Row::Shape::kEntries && !last) {
      const std::string name = EntryName(*row, object, words[++at]);
      if (!IsEntryName(name)) {
        goal.message = "names no option";
        return goal;
      }
      if (at + 1 == words.size() || words[at + 1].empty()) {
        break;
      }
      goal.path = Join(goal.path, name);
      object = row->entries->find_or_add(object, name);
    }
  }
  goal.message = "names a section, not an option in it";
  return goal;
}

void Apply(const Goal& goal, const std::string& value, const Source& source, Sources& sources,
           std::vector<Problem>& problems) {
  sources.Set(goal.path, source);
  if (const auto complaint = goal.row->Read(value, goal.object)) {
    problems.push_back({source, *complaint, SuggestWord(*goal.row, value)});
  }
}

void ApplyFile(const Goal& goal, const std::string& path, Source source, Outside& outside,
               Outcome& outcome, std::vector<Problem>& problems) {
  const Source before = outcome.sources.Find(goal.path);
  if (before.kind == Source::Kind::kEnvironment) {
    problems.push_back({std::move(source), before.name + " is set too; keep one of them"});
    return;
  }
  const auto text = ReadSecretFile(path, goal.path, source, outside, outcome);
  if (!text) {
    problems.push_back({std::move(source), text.error()});
    return;
  }
  Apply(goal, *text, source, outcome.sources, problems);
}

void Refuse(const Goal& goal, Words words, const Source& source, std::vector<Problem>& problems) {
  std::string suggestion;
  if (!goal.suggestion.empty()) {
    words[goal.at] = goal.suggestion;
    suggestion = fmt::format("{}{}", kVariablePrefix, fmt::join(words, "__"));
  }
  problems.push_back({source, goal.message, std::move(suggestion)});
}

}  // namespace

std::string VariableWord(std::string_view key) {
  std::string out(key);
  for (char& c : out) {
    const bool digit = c >= '0' && c <= '9';
    const bool upper = c >= 'A' && c <= 'Z';
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : digit || upper ? c : '_';
  }
  return out;
}

void OverrideFromEnvironment(const TableData& table, void* object, const Environment& environment,
                             Outside& outside, Outcome& outcome, std::vector<Problem>& problems) {
  for (const auto& [name, value] : environment.variables()) {
    if (!name.starts_with(kVariablePrefix) || value.empty()) {
      continue;
    }
    const Words words = Split(std::string_view(name).substr(kVariablePrefix.size()), "__");
    const Source source{.kind = Source::Kind::kEnvironment, .name = name};
    const Goal goal = Resolve(table, object, words);
    if (goal.row != nullptr && goal.file) {
      ApplyFile(goal, value, source, outside, outcome, problems);
    } else if (goal.row != nullptr) {
      Apply(goal, value, source, outcome.sources, problems);
    } else if (words.size() > 1) {
      Refuse(goal, words, source, problems);
    }
  }
}

void OverrideFromCommandLine(const TableData& table, void* object,
                             const std::vector<Override>& overrides, Sources& sources,
                             std::vector<Problem>& problems) {
  for (const Override& override : overrides) {
    Words words = Split(override.path, ".");
    for (std::string& word : words) {
      word = VariableWord(word);
    }
    const Source source{.kind = Source::Kind::kCommandLine, .name = override.option};
    const Goal goal = Resolve(table, object, words);
    if (goal.file) {
      problems.push_back({source, "names no option", {}});
    } else if (goal.row != nullptr) {
      Apply(goal, override.value, source, sources, problems);
    } else {
      problems.push_back({source, goal.message, {}});
    }
  }
}

}  // namespace signalbox::config
