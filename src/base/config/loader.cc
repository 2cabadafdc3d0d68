#include "base/config/loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/config/interpolate.h"
#include "base/config/load.h"

namespace signalbox::config {
namespace {

using NodeKind = YamlNode::Kind;

constexpr std::size_t kMaxEntryName = 128;
constexpr std::size_t kMaxSuggestions = 100;  // comparing words costs more than reading them
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

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

void Loader::Read(const TableData& table, void* object, const std::string& text) {
  root_ = &table;
  const auto fatal = [this](std::string message) {
    problems_.push_back(
        {{.kind = Source::Kind::kFile, .name = name_}, std::move(message), {}, true});
  };
  if (text.size() > kMaxFileBytes) {
    return fatal(fmt::format("is larger than {} bytes", kMaxFileBytes));
  }
  const bool marked = text.starts_with(kByteOrderMark);
  const auto tree = ParseYaml(name_, marked ? text.substr(kByteOrderMark.size()) : text, problems_);
  if (!tree) {
    problems_.back().fatal = true;
    return;
  }
  Section(table, object, *tree, "");
}

void Loader::Section(const TableData& table, void* object, const YamlNode& node,
                     const std::string& path) {
  if (!IsSection(node, path, "a section of keys")) {
    return;
  }
  for (const YamlMember& member : node.members) {
    const Row* row = table.Find(member.key);
    if (row == nullptr) {
      Unknown(table, member, path);
      continue;
    }
    const std::string row_path = Join(path, row->key);
    sources_.Set(row_path, At(member.place));
    switch (row->shape) {
      case Row::Shape::kOption:
        Option(*row, object, *member.value, row_path);
        break;
      case Row::Shape::kSection:
        Section(*row->table, row->Slot(object), *member.value, row_path);
        break;
      case Row::Shape::kEntries:
        Entries(*row, row->Slot(object), *member.value, row_path);
        break;
    }
  }
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
    sources_.Set(entry_path, At(member.place));
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
  if (node.kind != NodeKind::kScalar) {
    Complain(node.place, path, fmt::format("expected {}, found {}", row.Expected(), Found(node)));
    return;
  }
  const auto text = Scalar(node, path);
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
    sources_.Set(item_path, At(item.place));
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
  std::vector<std::string> keys;
  for (const Row& row : table.rows) {
    keys.push_back(row.key);
  }
  std::string suggestion = Suggest(member.key, keys);
  if (suggestion.empty()) {
    suggestion = FindElsewhere(*root_, member.key, "");
  }
  problems_.push_back(
      {At(member.place),
       fmt::format("unknown key \"{}\"{}{}", KeyText(member.key), path.empty() ? "" : " in ", path),
       std::move(suggestion)});
}

std::string Loader::Suggest(std::string_view word,
                            const std::vector<std::string>& candidates) const {
  return problems_.size() < kMaxSuggestions ? Nearest(word, candidates) : "";
}

std::optional<std::string> Loader::Scalar(const YamlNode& node, const std::string& path) {
  auto value = Interpolate(node.text, environment_);
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

Source Loader::At(YamlPlace place) const {
  return {.kind = Source::Kind::kFile, .name = name_, .line = place.line, .column = place.column};
}

void Loader::Complain(YamlPlace place, const std::string& path, std::string_view message,
                      std::string suggestion) {
  problems_.push_back({At(place),
                       path.empty() ? std::string(message) : fmt::format("{}: {}", path, message),
                       std::move(suggestion)});
}

}  // namespace signalbox::config
