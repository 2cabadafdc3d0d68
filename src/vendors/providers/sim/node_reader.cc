#include "vendors/providers/sim/node_reader.h"

#include <fmt/format.h>

#include <charconv>

#include "base/config/values.h"
#include "base/json/number.h"
#include "base/json/writer.h"

namespace signalbox::sim {
namespace {

constexpr std::chrono::hours kLongestWait{24};

bool IsScalar(const Node& node) {
  return node.kind == Node::Kind::kScalar;
}

template <typename T>
std::optional<T> ParseWhole(const Node& node) {
  T value{};
  const char* const end = node.text.data() + node.text.size();
  const auto parsed = std::from_chars(node.text.data(), end, value);
  if (!IsScalar(node) || parsed.ec != std::errc() || parsed.ptr != end) {
    return std::nullopt;
  }
  return value;
}

bool IsJsonNumber(const std::string& text) {
  if (text.empty() || (text[0] != '-' && !json::IsDigit(text[0]))) {
    return false;
  }
  const char* const end = text.data() + text.size();
  const auto number = json::ScanNumber(text.data(), end);
  return number.at == end && number.flaw == json::Reason::kNone;
}

}  // namespace

void NodeReader::Complain(config::YamlPlace place, std::string message, std::string suggestion) {
  config::Problem problem;
  problem.source.kind = config::Source::Kind::kFile;
  problem.source.name = name_;
  problem.source.line = place.line;
  problem.source.column = place.column;
  problem.message = std::move(message);
  problem.suggestion = std::move(suggestion);
  problems_.push_back(std::move(problem));
}

std::optional<std::string> NodeReader::Text(const Node& node, std::string_view key) {
  if (IsScalar(node)) {
    return node.text;
  }
  Complain(node.place, fmt::format("{} must be a text", key));
  return std::nullopt;
}

std::optional<std::int64_t> NodeReader::Int(const Node& node, std::string_view key,
                                            std::int64_t min, std::int64_t max) {
  const auto value = ParseWhole<std::int64_t>(node);
  if (value && *value >= min && *value <= max) {
    return value;
  }
  Complain(node.place, fmt::format("{} must be a whole number from {} to {}", key, min, max));
  return std::nullopt;
}

std::optional<double> NodeReader::Number(const Node& node, std::string_view key, double min,
                                         double max) {
  const auto value = ParseWhole<double>(node);
  if (value && *value >= min && *value <= max) {
    return value;
  }
  Complain(node.place, fmt::format("{} must be a number from {} to {}", key, min, max));
  return std::nullopt;
}

std::optional<bool> NodeReader::Bool(const Node& node, std::string_view key) {
  if (IsScalar(node) && (node.text == "true" || node.text == "false")) {
    return node.text == "true";
  }
  Complain(node.place, fmt::format("{} must be true or false", key));
  return std::nullopt;
}

std::optional<std::chrono::nanoseconds> NodeReader::Duration(const Node& node,
                                                             std::string_view key) {
  const auto value = IsScalar(node) ? config::ParseDuration(node.text) : std::nullopt;
  if (value && *value <= kLongestWait) {
    return value;
  }
  Complain(node.place, fmt::format("{} must be a duration up to 24h, such as 300ms", key));
  return std::nullopt;
}

std::optional<std::size_t> NodeReader::Word(const Node& node, std::string_view key,
                                            std::span<const std::string_view> words) {
  const auto found = std::ranges::find(words, node.text);
  if (IsScalar(node) && found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  const std::vector<std::string> names(words.begin(), words.end());
  Complain(node.place, fmt::format("{} must be one of {}", key, fmt::join(words, ", ")),
           config::Nearest(node.text, names));
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> NodeReader::Texts(const Node& node,
                                                                   std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  if (IsMap(node, key)) {
    for (const auto& member : node.members) {
      if (auto text =
              Text(*member.value, fmt::format("{} in {}", config::KeyText(member.key), key))) {
        out.emplace_back(member.key, *std::move(text));
      }
    }
  }
  return out;
}

bool NodeReader::IsMap(const Node& node, std::string_view what) {
  if (node.kind == Node::Kind::kMap) {
    return true;
  }
  Complain(node.place, fmt::format("{} must be a mapping of keys to values", what));
  return false;
}

void NodeReader::Unknown(const config::YamlMember& member, std::string_view what,
                         const std::vector<std::string>& known) {
  Complain(member.place, fmt::format("unknown key \"{}\" in {}", config::KeyText(member.key), what),
           config::Nearest(member.key, known));
}

void AppendJson(const Node& node, std::string& out) {
  switch (node.kind) {
    case Node::Kind::kNull:
      out += "null";
      return;
    case Node::Kind::kScalar:
      if (!node.quoted &&
          (node.text == "true" || node.text == "false" || IsJsonNumber(node.text))) {
        out += node.text;
      } else {
        json::AppendQuoted(out, node.text);
      }
      return;
    case Node::Kind::kSequence:
      out += '[';
      for (const auto& item : node.items) {
        out += &item == &node.items.front() ? "" : ",";
        AppendJson(*item, out);
      }
      out += ']';
      return;
    case Node::Kind::kMap:
      out += '{';
      for (const auto& member : node.members) {
        out += &member == &node.members.front() ? "" : ",";
        json::AppendQuoted(out, member.key);
        out += ':';
        AppendJson(*member.value, out);
      }
      out += '}';
      return;
  }
}

}  // namespace signalbox::sim
