#include "base/config/mask.h"

#include <algorithm>
#include <ranges>

#include "base/config/include.h"
#include "base/config/loader.h"
#include "base/json/writer.h"

namespace signalbox::config {
namespace {

constexpr std::size_t kMinRepeated = 8;  // shorter ones are words that stand anywhere

// A secret's scalar and its bytes in the text; empty when they were not found.
struct Literal {
  std::string path;
  std::string text;  // as YAML reads it, variables not put in
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool IsReference(std::string_view text) {
  if (!text.starts_with("${") || text.find('}') != text.size() - 1) {
    return text.empty() || text == "none";
  }
  const auto fallback = text.find(":-");
  return fallback == text.npos || fallback + 3 == text.size();
}

std::size_t OffsetOf(std::string_view text, YamlPlace place) {
  std::size_t at = 0;
  for (int line = 1; line < place.line; ++line) {
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  }
  for (int column = 1; column < place.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) {
      ++at;
    }
  }
  return at;
}

std::size_t EndOfQuoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (text[at] == quote && text.substr(at + 1).starts_with(quote) && quote == '\'') {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;
    }
  }
  return text.size();
}

// Of | and >: up to the first line that is not indented more than its key.
std::size_t EndOfBlock(std::string_view text, std::size_t at, std::size_t indentation) {
  std::size_t end = std::min(text.find('\n', at), text.size());
  while (end < text.size()) {
    const std::size_t next = std::min(text.find('\n', end + 1), text.size());
    const auto line = text.substr(end + 1, next - end - 1);
    const auto first = line.find_first_not_of(" \r");
    if (first != line.npos && first <= indentation) {
      break;
    }
    end = next;
  }
  return end;
}

// Of a plain text: as far as its letters go, line breaks being spaces. `at` when they do not match.
std::size_t EndOfPlain(std::string_view text, std::size_t at, std::string_view value) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::size_t to = at;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (kSpace.find(value[i]) != kSpace.npos) {
      const std::size_t from = to;
      to = std::min(text.find_first_not_of(kSpace, to), text.size());
      i = std::min(value.find_first_not_of(kSpace, i), value.size()) - 1;
      if (to == from) {
        return at;
      }
    } else if (to < text.size() && text[to] == value[i]) {
      ++to;
    } else {
      return at;
    }
  }
  return to;
}

class Finder {
 public:
  Finder(const TableData& table, std::string_view text) : table_(table), text_(text) {}

  void Root(const YamlNode& root, const std::string& prefix) {
    Section(table_, root, prefix);
    for (const YamlMember& member : root.members) {
      if (prefix.empty() && member.key == kProfilesKey) {
        for (const YamlMember& profile : member.value->members) {
          Root(*profile.value, Join(kProfilesKey, profile.key));
        }
      }
    }
  }

  std::vector<Literal> found;

 private:
  void Section(const TableData& table, const YamlNode& node, const std::string& path) {
    for (const YamlMember& member : node.members) {
      const Row* row = table.Find(member.key);
      if (row == nullptr) {
        continue;
      }
      const std::string row_path = Join(path, row->key);
      if (row->shape == Row::Shape::kSection) {
        Section(*row->table, *member.value, row_path);
      } else if (row->shape == Row::Shape::kEntries) {
        for (const YamlMember& entry : member.value->members) {
          Section(*row->table, *entry.value, Join(row_path, entry.key));
        }
      } else if (row->IsSecret() && member.value->kind == YamlNode::Kind::kScalar) {
        Secret(member, row_path);
      }
    }
  }

  void Secret(const YamlMember& member, const std::string& path) {
    const YamlNode& node = *member.value;
    std::size_t at = OffsetOf(text_, node.place);
    while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
      at = std::min(text_.find_first_of(" \t\r\n", at), text_.size());
      at = std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
    }
    if (IsReference(node.text) || at == text_.size() || text_[at] == '*') {
      return;  // what an alias stands for is written at its anchor
    }
    std::size_t end = at;
    if (text_[at] == '"' || text_[at] == '\'') {
      end = EndOfQuoted(text_, at);
    } else if (text_[at] == '|' || text_[at] == '>') {
      end = EndOfBlock(text_, at, static_cast<std::size_t>(member.place.column - 1));
    } else {
      end = EndOfPlain(text_, at, node.text);
    }
    found.push_back({path, node.text, at, end});
  }

  const TableData& table_;
  std::string_view text_;
};

std::vector<Literal> FindLiterals(const TableData& table, const std::string& text) {
  std::vector<Problem> problems;
  Finder finder(table, text);
  if (const auto tree = ParseYaml("", text, problems)) {
    finder.Root(*tree, "");
  }
  std::ranges::sort(finder.found, {}, &Literal::begin);
  return std::move(finder.found);
}

std::string Quoted(std::string_view text) {
  std::string out;
  json::AppendQuoted(out, text);
  return out;
}

// `text` without a byte order mark, which no place counts.
std::string Unmarked(const std::string& text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

}  // namespace

std::optional<std::string> TakeSecretsOut(const TableData& table, const std::string& text) {
  std::string out = Unmarked(text);
  const auto literals = FindLiterals(table, out);
  for (const Literal& literal : literals | std::views::reverse) {
    if (literal.begin == literal.end) {
      return std::nullopt;
    }
    out.replace(literal.begin, literal.end - literal.begin, Quoted(kSecretKept));
  }
  for (const Literal& literal : literals) {
    if (literal.text.size() < kMinRepeated || kSecretKept.find(literal.text) != kSecretKept.npos) {
      continue;
    }
    for (std::size_t at = 0; (at = out.find(literal.text, at)) != out.npos;) {
      out.replace(at, literal.text.size(), kSecretKept);
      at += kSecretKept.size();
    }
  }
  return out;
}

std::expected<std::string, std::string> PutSecretsBack(const TableData& table,
                                                       const std::string& text,
                                                       const std::vector<TextInput>& present) {
  std::vector<Literal> known;
  for (const TextInput& input : present) {
    std::ranges::move(FindLiterals(table, Unmarked(input.text)), std::back_inserter(known));
  }
  std::string out = text;
  for (const Literal& literal : FindLiterals(table, text) | std::views::reverse) {
    if (literal.text != kSecretKept) {
      continue;
    }
    const auto same = std::ranges::find(known, literal.path, &Literal::path);
    if (same == known.end()) {
      return std::unexpected(literal.path);
    }
    out.replace(literal.begin, literal.end - literal.begin, Quoted(same->text));
  }
  return out;
}

}  // namespace signalbox::config
