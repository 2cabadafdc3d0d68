// Records for this folder's tests and benchmarks.
#pragma once

#include <string>

#include "pipeline/ledger/record.h"

namespace signalbox::ledger {

inline core::RequestId SampleId(std::uint64_t number) {
  core::RequestId id;
  for (unsigned i = 0; i < 8; ++i) {
    id.uuid.bytes[i] = static_cast<std::uint8_t>(number >> (56U - 8U * i));
    id.uuid.bytes[i + 8] = static_cast<std::uint8_t>((number * 0x9e3779b97f4a7c15ULL) >> (8U * i));
  }
  return id;
}

inline Record SampleIntent(std::uint64_t number) {
  Record record;
  record.request = SampleId(number);
  record.time =
      core::WallTime(std::chrono::seconds(1'800'000'000) + std::chrono::nanoseconds(number));
  record.operation = 1;
  record.provider = "openai";
  record.model = "gpt-4o-mini";
  record.principal = "key_4f21";
  record.request_bytes = 700 + number;
  return record;
}

inline Record SampleSettlement(std::uint64_t number) {
  Record record = SampleIntent(number);
  record.type = RecordType::kSettlement;
  record.status = 200;
  record.usage = {.input = 12, .output = static_cast<std::int64_t>(number), .cached = 3};
  record.answer_bytes = 900;
  record.first_byte_us = 250'000;
  record.total_us = 1'234'567;
  record.cost_nano_usd = 1'500'000;
  return record;
}

// Every unit that there is, each with a count of its own.
inline chat::Usage EveryUnit() {
  return {.input = 1,
          .output = 2,
          .cached = 3,
          .reasoning = 4,
          .cache_write = 5,
          .cache_write_hour = 6,
          .audio_input = 7,
          .audio_cached = 8,
          .audio_output = 9,
          .image_input = 10,
          .image_output = 11,
          .citation = 12,
          .images = 13,
          .input_milliseconds = 14,
          .output_milliseconds = 15,
          .characters = 16,
          .searches = 17,
          .search_size = chat::SearchSize::kHigh};
}

// The largest there is; `text` has at least 255 characters.
inline Record LongestSettlement(std::string_view text) {
  Record record = SampleSettlement(9);
  record.provider = record.model = record.principal = text;
  record.labels = {text, text, text, text, text, text, text, text};
  for (core::Uuid* id :
       {&record.parties.tenant.uuid, &record.parties.key.uuid, &record.parties.user.uuid,
        &record.parties.team.uuid, &record.parties.project.uuid}) {
    id->bytes.fill(9);
  }
  record.reserved_nano_usd = 1;
  record.saved_nano_usd = 1;
  record.usage = EveryUnit();
  record.usage_source = UsageSource::kCounted;
  record.cost_stated = true;
  return record;
}

}  // namespace signalbox::ledger
