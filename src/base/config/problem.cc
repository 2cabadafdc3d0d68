#include "base/config/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace signalbox::config {
namespace {

// The longest word worth comparing; longer ones are nobody's slip of a finger.
constexpr std::size_t kMaxWord = 64;

std::string Fold(std::string_view word) {
  std::string out(word);
  for (char& c : out) {
    c = c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

std::string Detail(const std::string& profile, const std::string& variable) {
  if (profile.empty()) {
    return variable.empty() ? "" : fmt::format(" ({})", variable);
  }
  return fmt::format(" (profile {}{}{})", profile, variable.empty() ? "" : ", ", variable);
}

}  // namespace

std::string Source::Text() const {
  switch (kind) {
    case Kind::kDefault:
      return "default";
    case Kind::kFile:
      if (line == 0) {
        return name;
      }
      return fmt::format("{}:{}{}", name, line, Detail(profile, variable));
    case Kind::kEnvironment:
    case Kind::kCommandLine:
      return name;
  }
  return {};
}

std::string Problem::Text() const {
  std::string out;
  if (source.kind == Source::Kind::kFile && source.line > 0) {
    out = fmt::format("{}:{}:{}: ", source.name, source.line, source.column);
  } else if (source.kind != Source::Kind::kDefault) {
    out = source.name + ": ";
  }
  out += message;
  if (!suggestion.empty()) {
    out += fmt::format("; did you mean \"{}\"?", suggestion);
  }
  return out;
}

std::string Text(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    out += problem.Text() + '\n';
  }
  return out;
}

Source Sources::Find(std::string_view path) const {
  while (!path.empty()) {
    if (const auto it = by_path_.find(path); it != by_path_.end()) {
      return it->second;
    }
    const auto cut = path.find_last_of(".[");
    path = cut == path.npos ? std::string_view() : path.substr(0, cut);
  }
  return {};
}

std::string Join(std::string_view path, std::string_view key) {
  const bool plain =
      !key.empty() &&
      key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
          key.npos;
  if (!plain) {
    return fmt::format("{}[\"{}\"]", path, key);
  }
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kMaxWord) {
    return {};
  }
  const std::string folded = Fold(word);
  std::string nearest;
  std::size_t best = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(folded, Fold(candidate));
    const std::size_t allowed =
        std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 3);
    if (distance <= allowed && distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace signalbox::config
