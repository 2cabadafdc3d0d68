#include "surface/cli/text_width.h"

#include <algorithm>
#include <array>
#include <span>

namespace signalbox::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode's East Asian Width W and F, neighbours joined over what is not assigned.
constexpr auto kWide = std::to_array<Range>({
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4C6},   {0xA960, 0xA97C},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAD9},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},
    {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x1B2FB}, {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320},
    {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA},
    {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E},
    {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E},
    {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4},
    {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2},
    {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0},
    {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF},
    {0x20000, 0x3FFFD},
});

// Marks that combine and characters without a width, of the scripts that model names, messages and
// people's own names are written in.
constexpr auto kNone = std::to_array<Range>({
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x0610, 0x061A}, {0x061C, 0x061C},   {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DD}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8},   {0x06EA, 0x06ED}, {0x0900, 0x0902},
    {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948},   {0x094D, 0x094D}, {0x0951, 0x0957},
    {0x0981, 0x0981}, {0x09BC, 0x09BC}, {0x09C1, 0x09C4},   {0x09CD, 0x09CD}, {0x0BC0, 0x0BC0},
    {0x0BCD, 0x0BCD}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E}, {0x1160, 0x11FF},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F},
    {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A},   {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0001, 0xE01EF},
});

bool IsIn(std::span<const Range> ranges, char32_t point) {
  const auto at = std::ranges::lower_bound(ranges, point, {}, &Range::last);
  return at != ranges.end() && at->first <= point;
}

// The bytes of the UTF-8 sequence that `lead` begins; 0: it begins none.
std::size_t LengthFrom(unsigned char lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead < 0xC2 || lead > 0xF4) {
    return 0;
  }
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// One character off the front of `text`; a byte that is no UTF-8 counts as one.
struct Character {
  std::size_t bytes = 1;
  int columns = 1;
};

Character First(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = LengthFrom(lead);
  if (length == 0 || length > text.size()) {
    return {};
  }
  if (length == 1) {
    return {1, lead < 0x20 || lead == 0x7F ? 0 : 1};
  }
  char32_t point = lead & (0x7FU >> length);
  for (std::size_t at = 1; at < length; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0U) != 0x80) {
      return {};
    }
    point = (point << 6U) | (byte & 0x3FU);
  }
  return {length, IsIn(kNone, point) ? 0 : IsIn(kWide, point) ? 2 : 1};
}

// The bytes of the escape sequence that `text` begins with (ESC [ … a letter); 0: none.
std::size_t EscapeLength(std::string_view text) {
  if (!text.starts_with("\x1B[")) {
    return 0;
  }
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// One line of text without line ends.
void WrapLine(std::string_view line, int columns, int indent, std::string& out) {
  int used = indent;
  bool first = true;
  while (!line.empty()) {
    const std::size_t gap = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t end = std::min(line.find(' ', gap), line.size());
    const std::string_view word = line.substr(gap, end - gap);
    if (word.empty()) {
      break;
    }
    const int width = Width(word);
    if (!first && used + static_cast<int>(gap) + width > columns) {
      out.append(1, '\n').append(static_cast<std::size_t>(indent), ' ').append(word);
      used = indent + width;
    } else {
      out.append(line.substr(0, end));
      used += static_cast<int>(gap) + width;
    }
    first = false;
    line.remove_prefix(end);
  }
}

}  // namespace

int Width(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    if (const std::size_t escape = EscapeLength(text); escape != 0) {
      text.remove_prefix(escape);
      continue;
    }
    const Character character = First(text);
    columns += character.columns;
    text.remove_prefix(character.bytes);
  }
  return columns;
}

std::string Cut(std::string_view text, int columns) {
  if (columns <= 0 || Width(text) <= columns) {
    return std::string(text);
  }
  std::size_t kept = 0;
  for (int used = 0; kept < text.size();) {
    const Character character = First(text.substr(kept));
    used += character.columns;
    if (used > columns - 1) {  // one is for the dots
      break;
    }
    kept += character.bytes;
  }
  return std::string(text.substr(0, kept)) + "…";
}

std::string Printable(std::string_view text) {
  std::string out(text);
  for (char& byte : out) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x20 || value == 0x7F) {
      byte = ' ';
    }
  }
  // The C1 controls U+0080 to U+009F, some terminals' one-character escape sequences.
  for (std::size_t at = 0; at + 1 < out.size(); ++at) {
    if (out[at] == '\xC2' && static_cast<unsigned char>(out[at + 1]) < 0xA0) {
      out.replace(at, 2, " ");
    }
  }
  return out;
}

std::string Wrapped(std::string_view text, int columns, int indent) {
  if (columns <= 0) {
    return std::string(text);
  }
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    WrapLine(text.substr(0, end), columns, indent, out);
    if (end == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(end + 1);
    out.append(1, '\n');
    if (!text.empty() && text.front() != '\n') {
      out.append(static_cast<std::size_t>(indent), ' ');
    }
  }
}

}  // namespace signalbox::cli
