#include "base/config/loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/config/interpolate.h"

namespace signalbox::config {
namespace {

using NodeKind = YamlNode::Kind;

constexpr std::size_t kMaxEntryName = 128;
constexpr std::size_t kMaxSuggestions = 100;  // comparing words costs more than reading them

std::string_view Found(const YamlNode& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return "nothing";
    case NodeKind::kScalar:
      return "a single value";
    case NodeKind::kSequence:
      return "a list";
    case NodeKind::kMap:
      return "a section of keys";
  }
  return {};
}

// Where `key` is an option, when it is one somewhere else: "server.listen".
std::string FindElsewhere(const TableData& table, std::string_view key, const std::string& path) {
  for (const Row& row : table.rows) {
    const std::string here = Join(path, row.key);
    if (!path.empty() && row.key == key) {
      return here;
    }
    if (row.shape == Row::Shape::kSection) {
      if (auto found = FindElsewhere(*row.table, key, here); !found.empty()) {
        return found;
      }
    }
  }
  return {};
}

}  // namespace

bool IsEntryName(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-@/:+").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= kMaxEntryName && std::ranges::all_of(name, allowed);
}

std::string SuggestWord(const Row& row, std::string_view text) {
  std::vector<std::string> words;
  for (const Word& word : row.spec.names) {
    words.push_back(word.name);
  }
  if (row.codec->kind() == Kind::kBool) {
    words = {"true", "false"};
    if (text == "yes" || text == "on" || text == "1") {
      return "true";
    }
    if (text == "no" || text == "off" || text == "0") {
      return "false";
    }
  }
  return Nearest(text, words);
}

void Loader::Section(const TableData& table, void* object, const YamlNode& node,
                     const std::string& path) {
  if (const Row* row = table.OneWord(); row != nullptr && node.kind == NodeKind::kScalar) {
    return OneOption(table, *row, object, node, node.place, path);
  }
  if (!IsSection(node, path, "a section of keys")) {
    return;
  }
  for (const YamlMember& member : node.members) {
    Member(table, object, member, path);
  }
}

void Loader::Member(const TableData& table, void* object, const YamlMember& member,
                    const std::string& path) {
  const Row* row = table.Find(member.key);
  if (row == nullptr) {
    return Unknown(table, member, path);
  }
  if (row->shape == Row::Shape::kOption) {
    return OneOption(table, *row, object, *member.value, member.place, path);
  }
  const std::string row_path = Join(path, row->key);
  SetSource(row_path, member.place);
  void* slot = row->Slot(object);
  return row->shape == Row::Shape::kSection ? Section(*row->table, slot, *member.value, row_path)
                                            : Entries(*row, slot, *member.value, row_path);
}

void Loader::OneOption(const TableData& table, const Row& row, void* object, const YamlNode& value,
                       YamlPlace place, const std::string& path) {
  const std::string row_path = Join(path, row.key);
  if (Takes(row_path, place)) {
    sources_.Set(row_path, At(place));
    return Option(row, object, value, row_path);
  }
  const bool before = std::exchange(judging_, true);
  Option(row, table.make().get(), value, row_path);
  judging_ = before;
}

void Loader::Entries(const Row& row, void* map, const YamlNode& node, const std::string& path) {
  if (!IsSection(node, path, row.Expected())) {
    return;
  }
  for (const YamlMember& member : node.members) {
    if (!IsEntryName(member.key)) {
      Complain(
          member.place, path,
          fmt::format("the name of a {} is letters, digits and . _ - @ / : +, at most {} of them",
                      row.table->name, kMaxEntryName));
      continue;
    }
    const std::string entry_path = Join(path, member.key);
    SetSource(entry_path, member.place);
    Section(*row.table, row.entries->find_or_add(map, member.key), *member.value, entry_path);
  }
}

void Loader::Option(const Row& row, void* object, const YamlNode& node, const std::string& path) {
  if (node.kind == NodeKind::kNull) {
    Complain(node.place, path,
             fmt::format("has no value; expected {} (leave the key out for its "
                         "default)",
                         row.Expected()));
    return;
  }
  if (row.codec->kind() == Kind::kList) {
    List(row, object, node, path);
    return;
  }
  const bool reference = row.IsSecret() && node.kind == NodeKind::kMap;
  if (node.kind != NodeKind::kScalar && !reference) {
    Complain(node.place, path, fmt::format("expected {}, found {}", row.Expected(), Found(node)));
    return;
  }
  const auto text = reference ? Referenced(node, path) : Scalar(node, path);
  if (!text) {
    return;
  }
  if (const auto complaint = row.Read(*text, object)) {
    Complain(node.place, path, *complaint, SuggestWord(row, *text));
  }
}

void Loader::List(const Row& row, void* object, const YamlNode& node, const std::string& path) {
  if (node.kind != NodeKind::kSequence) {
    Complain(node.place, path, fmt::format("expected {}, found {}", row.Expected(), Found(node)));
    return;
  }
  std::vector<std::string> items;
  bool good = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const YamlNode& item = *node.items[i];
    const std::string item_path = fmt::format("{}[{}]", path, i);
    if (!judging_) {
      sources_.Set(item_path, At(item.place));
    }
    if (item.kind != NodeKind::kScalar) {
      Complain(item.place, item_path, fmt::format("expected a text, found {}", Found(item)));
      good = false;
      continue;
    }
    auto text = Scalar(item, item_path);
    good = good && text;
    items.push_back(std::move(text).value_or(""));
  }
  if (!good) {
    return;
  }
  if (const auto complaint = ReadItems(std::move(items), row.spec, row.Slot(object))) {
    Complain(node.place, path, *complaint);
  }
}

void Loader::Unknown(const TableData& table, const YamlMember& member, const std::string& path) {
  const std::string where = Written(path);
  std::string message = fmt::format("unknown key \"{}\"{}{}", KeyText(member.key),
                                    where.empty() ? "" : " in ", where);
  if (const auto advice = table.instead.find(member.key); advice != table.instead.end()) {
    problems_.push_back({At(member.place), message + "; " + advice->second, {}, false, path});
    return;
  }
  std::vector<std::string> keys;
  for (const Row& row : table.rows) {
    keys.push_back(row.key);
  }
  if (path.empty() && profile_.empty()) {
    keys.insert(keys.end(), {std::string(kIncludeKey), std::string(kProfilesKey)});
  }
  std::string suggestion = Suggest(member.key, keys);
  if (suggestion.empty()) {
    suggestion = FindElsewhere(*root_, member.key, "");
  }
  problems_.push_back({At(member.place), std::move(message), std::move(suggestion), false, path});
}

std::string Loader::Suggest(std::string_view word,
                            const std::vector<std::string>& candidates) const {
  return problems_.size() < kMaxSuggestions ? Nearest(word, candidates) : "";
}

std::optional<std::string> Loader::Scalar(const YamlNode& node, const std::string& path) {
  auto value = Interpolate(node.text, environment_);
  if (judging_ && (value ? !value->variable.empty() : !value.error().missing.empty())) {
    return std::nullopt;
  }
  if (!value) {
    std::vector<std::string> variables;
    if (problems_.size() < kMaxSuggestions) {
      for (const auto& [name, unused] : environment_.variables()) {
        variables.push_back(name);
      }
    }
    Complain(node.place, path, value.error().message, Suggest(value.error().missing, variables));
    return std::nullopt;
  }
  if (!value->variable.empty()) {
    Source source = sources_.Find(path);
    source.variable = std::move(value->variable);
    sources_.Set(path, std::move(source));
  }
  return std::move(value->text);
}

bool Loader::IsSection(const YamlNode& node, const std::string& path, const std::string& expected) {
  if (node.kind == NodeKind::kMap || node.kind == NodeKind::kNull) {
    return node.kind == NodeKind::kMap;
  }
  Complain(node.place, path, fmt::format("expected {}, found {}", expected, Found(node)));
  return false;
}

}  // namespace signalbox::config
