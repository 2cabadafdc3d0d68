#include "pipeline/cache/canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace signalbox::cache {
namespace {

using json::Kind;
using json::Value;

constexpr std::size_t kMostExponent = 16;  // characters
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

// The decimal number that `raw` spells: its digits without zeros at the ends, and their exponent.
// Exact, whatever a reader makes of it.
void AppendNumber(std::string_view raw, std::string& out) {
  const bool plain = raw.size() <= kPlainDigits && raw.front() != '0' && raw.back() != '0' &&
                     std::ranges::all_of(raw, [](char c) { return c >= '0' && c <= '9'; });
  if (plain) {
    AppendTagged('n', raw, out);
    return;
  }
  const std::size_t mark = std::min(raw.find_first_of("eE"), raw.size());
  std::int64_t exponent = 0;
  if (mark + kMostExponent < raw.size()) {
    AppendTagged('N', raw, out);  // nobody's number
    return;
  }
  if (mark < raw.size()) {
    const std::size_t sign = raw[mark + 1] == '+' ? 1 : 0;  // from_chars takes none
    std::from_chars(raw.data() + mark + 1 + sign, raw.data() + raw.size(), exponent);
  }
  std::string digits;  // short ones need no memory of their own
  bool fraction = false;
  for (const char c : raw.substr(0, mark)) {
    fraction |= c == '.';
    if (c >= '0' && c <= '9') {
      digits += c;
      exponent -= fraction ? 1 : 0;
    }
  }
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size());
  const std::size_t last = digits.find_last_not_of('0') + 1;
  if (first == digits.size()) {
    AppendTagged('n', "0", out);
    return;
  }
  exponent += static_cast<std::int64_t>(digits.size() - last);
  AppendTagged(raw.front() == '-' ? 'm' : 'n', std::string_view(digits).substr(first, last - first),
               out);
  if (exponent != 0) {
    const fmt::format_int text(exponent);
    AppendTagged('e', {text.data(), text.size()}, out);
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
      AppendNumber(value.Raw(), out);
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
