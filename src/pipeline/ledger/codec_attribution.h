// The part of a frame that says whom and what a call is booked on. Internal to the codec.
//
// Behind the texts: a u16 with a bit for each of what is there, then those in order: 16 bytes for a
// party, a size byte and the text for a label, 8 bytes for what was reserved and for what the cache
// saved. New ones go to the end of the list.
//
// Owner: nobody; pure functions over bytes. Threads: any. Errors: TakeAttribution answers nullopt
// for bytes that do not hold together. Budget: 10 ns where there is nothing but three parties.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "pipeline/ledger/record.h"

namespace signalbox::ledger {

inline constexpr std::size_t kMaxText = 255;
// A word, five parties, eight labels, what was reserved, what was saved.
inline constexpr std::size_t kMaxAttributionBytes = 2 + 5 * 16 + 8 * (1 + kMaxText) + 2 * 8;

// Texts are kept up to kMaxText bytes.
std::size_t CutSize(std::string_view text);

// 0: there is nothing to say.
std::size_t AttributionSize(const Record& record);
// Writes AttributionSize bytes, which are not 0.
void PutAttribution(const Record& record, std::byte* out);
// Fills in `out`, views being of `bytes`; how many bytes it took.
std::optional<std::size_t> TakeAttribution(std::span<const std::byte> bytes, Record& out);

}  // namespace signalbox::ledger
