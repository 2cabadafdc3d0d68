#include "vendors/catalog/rate.h"

#include <fmt/format.h>

#include <charconv>

namespace signalbox::catalog {
namespace {

using Text = std::string_view;

std::string TokensText(std::uint32_t tokens) {
  return tokens % 1000 == 0 && tokens > 0 ? fmt::format("{}k", tokens / 1000)
                                          : std::to_string(tokens);
}

}  // namespace

std::unexpected<core::Error> Wrong(Text word, Text expected) {
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    fmt::format("'{}': expected {}", word, expected));
}

std::optional<std::uint32_t> ReadTokens(Text text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const Text rest(end, text.data() + text.size());
  if (error != std::errc() || !(rest.empty() || (rest == "k" && value < 4'000'000))) {
    return std::nullopt;
  }
  return rest.empty() ? value : value * 1000;
}

core::Result<Rate> ReadRate(Text word) {
  const std::size_t equals = word.rfind('=');
  Text key = word.substr(0, equals);
  Rate rate;
  if (const std::size_t at = key.find('@'); at != Text::npos) {
    const auto tier = FindServiceTier(key.substr(at + 1));
    if (!tier) {
      return Wrong(word, "@batch, @flex or @priority");
    }
    rate.tier = *tier;
    key = key.substr(0, at);
  }
  if (const std::size_t above = key.find('>'); above != Text::npos) {
    const auto size = ReadTokens(key.substr(above + 1));
    if (!size) {
      return Wrong(word, "a size of prompts such as >200k");
    }
    rate.above = *size;
    key = key.substr(0, above);
  }
  const auto unit = FindUnit(key);
  if (!unit || equals == Text::npos) {
    return Wrong(word, "a key of a model or a price such as input=2.5");
  }
  const auto price = ReadUsd(word.substr(equals + 1), PerOf(*unit));
  if (!price) {
    return Wrong(word, "US dollars such as 2.5, exact to 10^-12 of a unit");
  }
  rate.unit = *unit;
  rate.price = *price;
  return rate;
}

std::string RateText(const Rate& rate) {
  std::string out(Name(rate.unit));
  if (rate.above > 0) {
    out += ">" + TokensText(rate.above);
  }
  if (rate.tier != ServiceTier::kStandard) {
    out.append("@").append(Name(rate.tier));
  }
  return out + "=" + UsdText(rate.price, PerOf(rate.unit));
}

}  // namespace signalbox::catalog
