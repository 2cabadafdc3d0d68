// One call at an upstream: up to the first bytes that could go to the caller, and, when it is the
// one that answers, to the last. Internal to the gateway.
//
// Owner:   CallRun, one after the other. Threads: the worker's.
// Errors:  told by Send's result, failure() and detail(); none leave it.
// Cancel:  whatever way it ends, its account is settled before the last byte of the answer goes
//          out, or with it.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "pipeline/execution/failure.h"
#include "pipeline/execution/plan.h"
#include "pipeline/gateway/account.h"
#include "pipeline/gateway/media_relay.h"
#include "pipeline/gateway/stream_relay.h"
#include "pipeline/gateway/translating_relay.h"
#include "vendors/dialects/wire/limit_fields.h"

namespace signalbox::gateway {

class Attempt {
 public:
  enum class Result : std::uint8_t {
    kReady,   // there is an answer: Deliver
    kFailed,  // failure() says how; nothing has gone to the caller
    kOver,    // the caller is gone, or the process ends, or the journal is full, or this upstream
              // cannot be asked that: PassFailure
  };

  // `number`: of the attempts of this call that are on record.
  Attempt(const CallContext& context, const execution::Target& target, std::uint32_t key,
          std::uint16_t number);
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  // Sends `call` as `envelope` says and waits for something that can go to the caller: a whole
  // answer, checked, or the first event of a stream. The head must be there at `head_by`.
  async::Task<Result> Send(const chat::Envelope& envelope, core::MonoTime head_by,
                           core::MonoTime until);
  // Passes the answer on. False when it did not come to a good end through the upstream's fault.
  async::Task<bool> Deliver(request::Sink& sink);
  // Tells the caller of the failure: the upstream's own answer where it gave one.
  async::Task<void> PassFailure(request::Sink& sink);

  const execution::Failure& failure() const { return failure_; }
  const std::string& detail() const { return error_.message; }  // what happened, in words
  std::uint16_t number() const { return account_.record().attempt; }
  // What goes before an answer of ours that is told after this attempt.
  request::AnswerHead Head(int status) const;

 private:
  void SetDeadline(core::MonoTime until);
  core::Status Prepare(const chat::Envelope& envelope, chat::EditList& edits);
  core::Result<std::vector<Translator::Wanted>> ToFetch();
  async::Task<core::Status> FetchMedia(std::span<const Translator::Wanted> wanted);
  core::Status Translate();
  core::Status TellUpload();
  providers::UpstreamRequest Describe(const chat::Envelope& envelope, std::string& hops) const;
  void Settle(ledger::Outcome outcome, int status);
  void TakeFields(std::span<const net::Field> fields);
  void TranslateField(const net::Field& field, bool limited);

  async::Task<Result> ReceiveWhole(bool json);
  core::Result<std::string_view> CheckAnswer(bool json, std::string_view body);
  core::Result<std::string_view> TranslateAnswer(std::string_view body);
  core::Result<std::string_view> TranslateMedia(bool json, std::string_view body);
  bool TakeBillOf(std::string_view answer);
  // How an answer that is passed on as it comes is passed on; false: it is read whole.
  bool BeginRelay(const chat::Envelope& envelope, std::string_view content_type);
  AnswerTerms AnswerFacts() const;
  std::int64_t NowInSeconds() const;
  std::string WithoutJson() const;
  // Before anything was sent: nobody is called.
  Result Refuse(core::Error error);
  Result RefuseReserving(core::Error error);
  bool TellLimits();
  void AppendLimit(wire::LimitField::Of of, const request::LimitState& state, core::WallTime now);
  Result Fail(core::Error error);
  core::Error Judge(core::Error error) const;

  // Streams, in attempt_stream.cc.
  async::Task<Result> ReceiveFirst();
  async::Task<bool> DeliverStream(request::Sink& sink);
  async::Task<bool> EndBrokenStream(core::Error error, request::Sink& sink);
  Result FailAsSaid();
  void TakeBill();
  async::Task<void> ReadTail();
  bool IsOnlyQuiet(const core::Error& error, core::MonoTime stall) const;

  const CallContext& context_;
  Gateway& gateway_;
  Lineup& lineup_;
  const request::Call& call_;
  const execution::Target& target_;
  const providers::Provider& provider_;
  const wire::Dialect& dialect_;  // that the upstream is spoken to in
  const bool own_;                // the caller's words go on as they stand
  std::uint32_t key_;
  Scratch& scratch_;
  std::unique_ptr<providers::Exchange> exchange_;
  Account account_;
  std::array<char, core::RequestId::kTextSize> id_text_;
  async::Deadline deadline_;
  core::MonoTime sent_{};
  std::chrono::nanoseconds before_{0};    // spent in Signalbox before sending
  int status_ = 0;                        // of the upstream's answer; 0: there is none
  std::string retry_after_;               // as it was sent
  std::string path_;                      // below the base URL
  std::string rendered_;                  // the request in the upstream's dialect
  std::string dropped_;                   // what it does not say, for x-signalbox-dropped
  std::optional<std::string_view> body_;  // the whole answer, good or not
  bool wants_usage_ = false;              // the caller, in a stream
  std::string content_type_;              // of an answer that may be no JSON
  std::variant<std::monostate, StreamRelay, TranslatingRelay, MediaRelay> relays_;
  Relay* relay_ = nullptr;  // of a streamed answer; null: it is whole
  execution::Failure failure_;
  core::Error error_;
};

}  // namespace signalbox::gateway
