// Passes an answer on to its caller and writes it into the cache on the way. Internal to the
// gateway.
//
// Owner:   CachedRun, one for the call that it makes. Threads: the worker's.
// Errors:  a caller who is gone is an error only while nobody else waits for the answer.
// Cancel:  what is not whole when it goes is not kept.
//
// An answer is kept when the call has been settled as good before its last bytes go out: whoever
// follows has it before the one who asked. Only what fits goes on being written; the caller gets
// everything.
#pragma once

#include <optional>

#include "pipeline/cache/draft.h"
#include "pipeline/cache/flights.h"
#include "pipeline/cache/policy.h"
#include "pipeline/ledger/record.h"
#include "pipeline/request/call.h"
#include "pipeline/request/sink.h"

namespace signalbox::gateway {

class Keeper final : public request::Sink {
 public:
  struct Terms {
    const async::Loop& loop;
    const request::Call& call;
    request::Sink& to;
    cache::Table& table;
    cache::Flights::Lead* lead;  // null: nobody waits for the answer
    cache::Digest key;
    request::TenantId tenant;
    cache::Permit permit;
    std::uint64_t most_bytes;
  };
  explicit Keeper(const Terms& terms) : terms_(terms) {}

  // The call came to an end, of which `record` tells.
  void Settled(const ledger::Record& record);

  async::Task<core::Status> Whole(const request::AnswerHead& head,
                                  std::span<const std::string_view> body) override;
  async::Task<core::Status> Begin(const request::AnswerHead& head, bool flush) override;
  async::Task<core::Status> Piece(std::span<const std::string_view> bytes,
                                  bool whole_events) override;
  async::Task<core::Status> End(std::span<const std::string_view> bytes) override;

 private:
  void Start(const request::AnswerHead& head);
  void Write(std::span<const std::string_view> bytes);
  void Publish(bool streamed);
  void Share(const request::AnswerHead& head, std::span<const std::string_view> body);
  core::Status Passed(core::Status status);

  Terms terms_;
  std::optional<cache::Draft> draft_;
  cache::EntryFacts facts_;
  bool good_ = false;    // the last call was settled as such
  bool failed_ = false;  // the upstream has refused it, or broke off
  bool gone_ = false;    // the caller is
};

}  // namespace signalbox::gateway
