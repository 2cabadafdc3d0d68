#include "pipeline/cache/canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace signalbox::cache {
namespace {

using json::Kind;
using json::Value;

constexpr double kExact = 9007199254740992.0;  // 2^53: integers below it are exact as doubles
constexpr std::size_t kPlainDigits = 15;
constexpr int kSortedDepth = 1;  // of objects; the root's is 0

// A tag, the length seven bits at a time, the lowest first, and the text.
void AppendTagged(char tag, std::string_view text, std::string& out) {
  constexpr std::size_t kMostStart = 11;
  const std::size_t before = out.size();
  out.resize_and_overwrite(before + kMostStart + text.size(), [&](char* bytes, std::size_t) {
    char* to = bytes + before;
    *to++ = tag;
    std::size_t left = text.size();
    for (; left > 0x7f; left >>= 7) {
      *to++ = static_cast<char>(left | 0x80);
    }
    *to++ = static_cast<char>(left);
    return static_cast<std::size_t>(to - bytes) + text.copy(to, text.size());
  });
}

void AppendString(const Value& value, std::string& out) {
  const std::string_view raw = value.Raw();
  std::string scratch;
  const std::string_view text = *value.AsText(scratch);
  // Lone surrogates that differ would come to the same mark.
  const bool escaped = text.data() == scratch.data();
  if (escaped && text.find("\xef\xbf\xbd") != text.npos) {
    AppendTagged('r', raw, out);
    return;
  }
  AppendTagged('s', text, out);
}

void AppendNumber(const Value& value, std::string& out) {
  const std::string_view raw = value.Raw();
  const bool plain = raw.size() <= kPlainDigits &&
                     std::ranges::all_of(raw, [](char c) { return c >= '0' && c <= '9'; });
  if (plain) {
    AppendTagged('n', raw, out);
    return;
  }
  const auto integer = value.AsInt();
  const auto number = integer ? std::nullopt : value.AsDouble();
  const bool whole = number && std::trunc(*number) == *number && std::abs(*number) < kExact;
  if (integer || whole) {
    const fmt::format_int text(integer ? *integer : static_cast<std::int64_t>(*number));
    AppendTagged('n', {text.data(), text.size()}, out);
  } else {
    AppendTagged('d', number ? fmt::format("{}", *number) : std::string(raw), out);
  }
}

}  // namespace

void AppendText(std::string_view text, std::string& out) {
  AppendTagged('s', text, out);
}

void Canonical::Append(const Value& root, const std::vector<std::string_view>& leave_out,
                       std::string& out) {
  if (!root.IsObject()) {
    AppendValue(root, 0, out);
    return;
  }
  members_.clear();
  std::string scratch;
  json::ForEachMember(root, [&](const Value& key, const Value& value) {
    if (std::ranges::find(leave_out, *key.AsText(scratch)) == leave_out.end()) {
      members_.push_back({key.Raw(), key, value});
    }
  });
  out += '{';
  AppendSorted(0, 0, out);
  out += '}';
}

void Canonical::AppendValue(const Value& value, int depth, std::string& out) {
  switch (value.kind()) {
    case Kind::kNull:
      out += '0';
      break;
    case Kind::kBool:
      out += value.Raw().front();
      break;
    case Kind::kNumber:
      AppendNumber(value, out);
      break;
    case Kind::kString:
      AppendString(value, out);
      break;
    case Kind::kArray:
      out += '[';
      json::ForEachElement(value, [&](const Value& each) { AppendValue(each, depth, out); });
      out += ']';
      break;
    case Kind::kObject:
      AppendObject(value, depth, out);
      break;
  }
}

void Canonical::AppendObject(const Value& object, int depth, std::string& out) {
  out += '{';
  if (depth <= kSortedDepth) {
    const std::size_t from = members_.size();
    json::ForEachMember(object, [&](const Value& key, const Value& value) {
      members_.push_back({key.Raw(), key, value});
    });
    AppendSorted(from, depth, out);
  } else {
    json::ForEachMember(object, [&](const Value& key, const Value& value) {
      AppendString(key, out);
      AppendValue(value, depth + 1, out);
    });
  }
  out += '}';
}

// Writes members_ from `from` on, and forgets them.
void Canonical::AppendSorted(std::size_t from, int depth, std::string& out) {
  const std::size_t end = members_.size();
  std::sort(members_.begin() + static_cast<std::ptrdiff_t>(from), members_.end(),
            [](const Member& a, const Member& b) { return a.name < b.name; });
  for (std::size_t i = from; i < end; ++i) {
    const Member member = members_[i];  // those inside may move it
    AppendString(member.key, out);
    AppendValue(member.value, depth + 1, out);
  }
  members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(from), members_.end());
}

}  // namespace signalbox::cache
