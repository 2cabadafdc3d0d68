#include "vendors/tokens/vocabulary_builder.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_set>

namespace signalbox::tokens {
namespace {

std::optional<std::string> DecodeBase64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xFF);
    }
  }
  return bytes;
}

std::optional<Token> ParseLine(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) {
    return std::nullopt;
  }
  auto bytes = DecodeBase64(line.substr(0, space));
  Rank rank = 0;
  const char* const end = line.data() + line.size();
  const auto number = std::from_chars(line.data() + space + 1, end, rank);
  if (!bytes || bytes->empty() || bytes->size() > kLongestToken || number.ec != std::errc() ||
      number.ptr != end || rank == kNoRank) {
    return std::nullopt;
  }
  return Token{std::move(*bytes), rank};
}

void Align(std::string& file) {
  file.resize((file.size() + 7) / 8 * 8);
}

template <typename T>
void Append(std::string& file, const std::vector<T>& values) {
  file.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  Align(file);
}

void AppendRecord(std::string& records, const Token& token) {
  records.append(reinterpret_cast<const char*>(&token.rank), sizeof token.rank);
  records += static_cast<char>(token.bytes.size());
  records += token.bytes;
}

Section AppendSection(const std::vector<Token>& tokens, std::string& file) {
  // Three slots for two tokens: probes are short, and the table of o200k_base has 2.4 MB.
  const auto slot_count = static_cast<std::uint32_t>(tokens.size() * 3 / 2 + 1);
  std::vector<Rank> pairs(kPairs, kNoRank);
  std::vector<Slot> slots(slot_count);
  std::string records;
  Section section;
  for (const Token& token : tokens) {
    const std::uint64_t hash = HashOf(token.bytes);
    std::uint32_t at = HomeOf(hash, slot_count);
    while (slots[at].record != 0) {
      at = at + 1 == slot_count ? 0 : at + 1;
    }
    slots[at] = {TagOf(hash), static_cast<std::uint32_t>(records.size() + 1)};
    AppendRecord(records, token);
    if (token.bytes.size() == 2) {
      pairs[static_cast<unsigned char>(token.bytes[0]) * 256 +
            static_cast<unsigned char>(token.bytes[1])] = token.rank;
    }
    section.longest = std::max(section.longest, static_cast<std::uint32_t>(token.bytes.size()));
  }
  section.slot_count = slot_count;
  section.token_count = static_cast<std::uint32_t>(tokens.size());
  section.pairs = file.size();
  Append(file, pairs);
  section.slots = file.size();
  Append(file, slots);
  section.records = file.size();
  section.records_size = records.size();
  file += records;
  Align(file);
  return section;
}

}  // namespace

core::Result<std::vector<Token>> ParseRanks(std::string_view text) {
  std::vector<Token> tokens;
  std::unordered_set<std::string> known;
  std::size_t single = 0;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    auto token = ParseLine(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!token || !known.insert(token->bytes).second) {
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        "line " + std::to_string(line) + ": not a new token and its rank");
    }
    single += token->bytes.size() == 1 ? 1 : 0;
    tokens.push_back(std::move(*token));
  }
  if (single != 256) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "not all single bytes are tokens");
  }
  return tokens;
}

std::string BuildVocabulary(const std::array<std::vector<Token>, kSections>& tokens) {
  FileHeader header;
  header.magic = kMagic;
  std::string file(sizeof header, '\0');
  Align(file);
  for (std::size_t i = 0; i < kSections; ++i) {
    header.sections[i] = AppendSection(tokens[i], file);
  }
  header.file_size = file.size();
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

}  // namespace signalbox::tokens
