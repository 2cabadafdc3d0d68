// What the journal writes down about a call: an intent before each attempt at an upstream, a
// settlement when it is over; of a request that the cache answered, a settlement alone. Plain data.
//
// Views are valid as long as whatever they were taken from: the caller's memory when writing, the
// journal's memory when reading.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/core/ids.h"
#include "base/core/time.h"
#include "pipeline/request/attribution.h"
#include "vendors/chat/usage.h"

namespace signalbox::ledger {

enum class RecordType : std::uint8_t { kIntent = 1, kSettlement = 2 };

enum class Outcome : std::uint8_t {
  kOk = 1,         // the answer was delivered whole
  kFailed = 2,     // the upstream failed or refused
  kCancelled = 3,  // the client went away
  kUncertain = 4,  // nobody knows: the process died, or a stale connection took the request
};
std::string_view Name(Outcome outcome);

// Who counted what a call used.
enum class UsageSource : std::uint8_t {
  kNone,       // nobody
  kVendor,     // the upstream says so
  kCounted,    // Signalbox, with the model's own tokenizer
  kEstimated,  // Signalbox, roughly
};
std::string_view Name(UsageSource source);

struct Record {
  RecordType type = RecordType::kIntent;
  core::RequestId request;
  std::uint16_t attempt = 1;  // 1 for the first try of a request
  core::WallTime time{};
  bool streamed = false;
  std::uint8_t operation = 0;       // request::Operation
  std::string_view provider;        // at most 255 bytes each; longer ones are cut
  std::string_view model;           // as sent upstream
  std::string_view principal;       // key or user id; empty for anonymous
  std::uint64_t request_bytes = 0;  // of the body sent upstream
  request::Parties parties;
  request::Labels labels;  // at most 255 bytes each
  // Taken from budgets for the call, in 10^-9 dollars: what an uncertain one is booked at.
  std::int64_t reserved_nano_usd = 0;

  // Settlements only.
  Outcome outcome = Outcome::kOk;
  std::uint16_t status = 0;  // HTTP status of the upstream; 0: none came
  chat::Usage usage;
  UsageSource usage_source = UsageSource::kNone;
  std::uint64_t answer_bytes = 0;    // of the body received
  std::uint32_t first_byte_us = 0;   // from sending to the first byte of the answer
  std::uint64_t total_us = 0;        // from the request's arrival to this record
  std::int64_t cost_nano_usd = -1;   // -1: not known
  bool cost_stated = false;          // by the upstream; else it is worked out from the catalogue
  bool cached = false;               // answered by the cache: nothing was asked, sent or billed
  std::int64_t saved_nano_usd = -1;  // what the answer had cost when it was made; -1: not known
};

}  // namespace signalbox::ledger
