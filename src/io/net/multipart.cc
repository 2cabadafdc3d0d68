#include "io/net/multipart.h"

#include <algorithm>

#include "io/net/http_field_lines.h"
#include "io/net/http_head.h"

namespace signalbox::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kLongestBoundary = 70;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// Takes `; name=value` off the front of `text`. Backslashes escape in quotes.
struct Parameter {
  std::string_view name;
  std::string value;
};
std::optional<Parameter> TakeParameter(std::string_view& text) {
  text = Trimmed(text);
  if (!text.starts_with(';')) {
    return std::nullopt;
  }
  text = Trimmed(text.substr(1));
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0) {
    return std::nullopt;
  }
  Parameter out{Trimmed(text.substr(0, equals)), {}};
  text.remove_prefix(equals + 1);
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find(';'), text.size());
    out.value = Trimmed(text.substr(0, end));
    text.remove_prefix(end);
    return out;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    i += text[i] == '\\' && i + 1 < text.size() ? 1 : 0;
    out.value += text[i];
  }
  return std::nullopt;
}

bool IsBoundary(std::string_view text) {
  constexpr std::string_view kMarks = "'()+_,-./:=? ";
  return !text.empty() && text.size() <= kLongestBoundary && text.back() != ' ' &&
         std::ranges::all_of(text, [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  kMarks.find(c) != kMarks.npos;
         });
}

}  // namespace

std::optional<std::string> FormBoundary(std::string_view content_type) {
  const std::size_t end = std::min(content_type.find(';'), content_type.size());
  if (!EqualsIgnoreCase(Trimmed(content_type.substr(0, end)), "multipart/form-data")) {
    return std::nullopt;
  }
  std::string_view rest = content_type.substr(end);
  std::optional<std::string> boundary;
  while (auto parameter = TakeParameter(rest)) {
    if (EqualsIgnoreCase(parameter->name, "boundary")) {
      if (boundary) {
        return std::nullopt;
      }
      boundary = std::move(parameter->value);
    }
  }
  return boundary && IsBoundary(*boundary) && Trimmed(rest).empty() ? boundary : std::nullopt;
}

MultipartReader::MultipartReader(std::string_view boundary) : delimiter_("\r\n--") {
  delimiter_ += boundary;
}

MultipartReader::Step MultipartReader::Bad(std::string_view problem) {
  phase_ = Phase::kBroken;
  problem_ = problem;
  return {Kind::kBad, 0};
}

MultipartReader::Step MultipartReader::Next(std::string_view input) {
  if (phase_ == Phase::kBroken) {
    return {Kind::kBad, 0};
  }
  if (input.empty()) {
    return {Kind::kNeedMore, 0};
  }
  switch (phase_) {
    case Phase::kStart:
      return AtStart(input);
    case Phase::kHead:
      return InHead(input, 0);
    case Phase::kBody:
      return InBody(input);
    default:
      return {Kind::kRest, input.size()};
  }
}

// The first delimiter has no line before it.
MultipartReader::Step MultipartReader::AtStart(std::string_view input) {
  const std::string_view first = std::string_view(delimiter_).substr(kLineEnd.size());
  const std::size_t size = first.size() + kLineEnd.size();
  const std::string_view seen = input.substr(0, size);
  const std::string_view mark = seen.substr(0, first.size());
  const std::string_view after = seen.substr(mark.size());
  if (!first.starts_with(mark) || !kLineEnd.starts_with(after)) {
    return Bad("the form does not begin with its boundary");
  }
  return seen.size() < size ? Step{Kind::kNeedMore, 0} : InHead(input, size);
}

MultipartReader::Step MultipartReader::InHead(std::string_view input, std::size_t start) {
  const std::string_view rest = input.substr(start);
  const std::size_t end = rest.substr(0, kMostHeadBytes).find(kHeadEnd);
  if (end == rest.npos) {
    return rest.size() >= kMostHeadBytes ? Bad("the head of a part of the form is too long")
                                         : Step{Kind::kNeedMore, 0};
  }
  if (!ReadHead(rest.substr(0, end))) {
    return {Kind::kBad, 0};
  }
  phase_ = Phase::kBody;
  return {Kind::kHead, start + end + kHeadEnd.size()};
}

MultipartReader::Step MultipartReader::InBody(std::string_view input) {
  const std::size_t at = input.find(delimiter_);
  if (at == 0) {
    const std::string_view after = input.substr(delimiter_.size(), 2);
    if (after.size() < 2) {
      return {Kind::kNeedMore, 0};
    }
    if (after != kLineEnd && after != "--") {
      return Bad("a boundary of the form is not followed by the end of its line");
    }
    const bool last = after == "--";
    phase_ = last ? Phase::kEpilogue : Phase::kHead;
    return {last ? Kind::kEnd : Kind::kPartEnd, delimiter_.size() + after.size()};
  }
  if (at != input.npos) {
    return {Kind::kData, at};
  }
  // What may be the start of a delimiter stays.
  std::size_t keep = input.size() - std::min(input.size(), delimiter_.size() - 1);
  while (keep < input.size() && !std::string_view(delimiter_).starts_with(input.substr(keep))) {
    keep = std::min(input.find('\r', keep + 1), input.size());
  }
  return keep == 0 ? Step{Kind::kNeedMore, 0} : Step{Kind::kData, keep};
}

bool MultipartReader::ReadHead(std::string_view lines) {
  name_.clear();
  file_name_.clear();
  part_type_.clear();
  is_file_ = false;
  bool disposed = false;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find(kLineEnd), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + kLineEnd.size(), lines.size()));
    const std::size_t colon = line.find(':');
    const bool control =
        std::ranges::any_of(line, [](char c) { return (c >= 0 && c < 0x20 && c != '\t'); });
    if (colon == line.npos || colon == 0 || control || line.front() == ' ') {
      Bad("a field of a part of the form is malformed");
      return false;
    }
    if (EqualsIgnoreCase(line.substr(0, colon), "content-type")) {
      part_type_ = Trimmed(line.substr(colon + 1));
    }
    if (!EqualsIgnoreCase(line.substr(0, colon), "content-disposition")) {
      continue;
    }
    if (disposed || !ReadDisposition(line.substr(colon + 1))) {
      Bad("a part of the form has no proper Content-Disposition");
      return false;
    }
    disposed = true;
  }
  if (!disposed) {
    Bad("a part of the form has no Content-Disposition");
  }
  return disposed;
}

bool MultipartReader::ReadDisposition(std::string_view value) {
  const std::size_t end = std::min(value.find(';'), value.size());
  if (!EqualsIgnoreCase(Trimmed(value.substr(0, end)), "form-data")) {
    return false;
  }
  std::string_view rest = value.substr(end);
  bool named = false;
  while (auto parameter = TakeParameter(rest)) {
    if (EqualsIgnoreCase(parameter->name, "name")) {
      if (named || parameter->value.empty()) {
        return false;
      }
      named = true;
      name_ = std::move(parameter->value);
    } else if (EqualsIgnoreCase(parameter->name, "filename")) {
      is_file_ = true;
      file_name_ = std::move(parameter->value);
    } else if (EqualsIgnoreCase(parameter->name, "filename*")) {
      is_file_ = true;
    }
  }
  return named && Trimmed(rest).empty();
}

}  // namespace signalbox::net
