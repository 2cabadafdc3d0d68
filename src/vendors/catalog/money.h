// Money in integers: prices in pico-dollars, amounts in nano-dollars, and both as decimal text.
//
// Owner: plain values. Threads: any. Errors: text that is no exact amount is nullopt.
// Cancel: nothing to undo.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::catalog {

// A price of one unit, in 10^-12 US dollars. Half of all token prices are below 10^-6 dollars.
using PicoUsd = std::int64_t;
inline constexpr PicoUsd kUnknownPrice = -1;
inline constexpr PicoUsd kHighestPrice = 1'000'000'000'000'000;  // 1,000 dollars for one unit

// An amount in 10^-9 US dollars.
struct NanoUsd {
  std::int64_t count = 0;
  friend auto operator<=>(const NanoUsd&, const NanoUsd&) = default;
};

// What a price or amount is written per: "2.5" per million tokens is 2,500,000 pico-dollars each.
enum class Per : std::uint8_t { kOne = 12, kMillion = 6 };  // decimals that a pico-dollar has then

// Reads "2.5", "1e-06" or "0" exactly: no floating point, no rounding. nullopt: no number,
// negative, more than kHighestPrice, or not a whole number of pico-dollars.
std::optional<PicoUsd> ReadUsd(std::string_view text, Per per);

// As ReadUsd, rounded half up to whole pico-dollars, for lists that state 0.000283333….
std::optional<PicoUsd> ReadUsdRounded(std::string_view text, Per per);

// The shortest decimal text that ReadUsd reads back: "2.5", "0.075", "0".
std::string UsdText(PicoUsd price, Per per);

// "0.000012345": dollars with as many of nine decimals as the amount needs.
std::string UsdText(NanoUsd amount);

}  // namespace signalbox::catalog
