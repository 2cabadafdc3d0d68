// One call at an upstream with its entries in the journal. Internal to the gateway.
//
// Owner:   Gateway::Run. Threads: the worker's.
// Errors:  told to the sink; none leave it.
// Cancel:  whatever way it ends, its intent is settled before the last byte of the answer goes out,
//          or in the destructor.
#pragma once

#include <string>

#include "pipeline/gateway/gateway.h"
#include "pipeline/gateway/stream_relay.h"

namespace signalbox::gateway {

class Attempt {
 public:
  Attempt(Gateway& gateway, const request::Call& call, const request::Principal& principal,
          const request::Target& target, Scratch& scratch);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  // Sends `call` as `envelope` says and passes the answer on.
  async::Task<void> Run(const chat::Envelope& envelope, request::Sink& sink);

 private:
  static constexpr std::string_view kEventStream = "text/event-stream";

  void SetDeadline();
  core::Status Begin();
  void Prepare(const chat::Envelope& envelope, chat::EditList& edits);
  core::Status BeginAgain();
  providers::UpstreamRequest Describe(const chat::Envelope& envelope, std::string& hops) const;
  void Settle(ledger::Outcome outcome, int status);
  void SettleFailed(const core::Error& error, int status);  // or cancelled
  request::AnswerHead Head(int status) const;

  async::Task<void> PassWhole(providers::UpstreamHead head, request::Sink& sink);
  async::Task<void> PassStream(providers::UpstreamHead head, bool wants_usage, request::Sink& sink);
  async::Task<void> EndBrokenStream(core::Error error, int status, request::Sink& sink);
  core::Error Judge(core::Error error) const;
  bool IsOnlyQuiet(const core::Error& error, core::MonoTime stall) const;
  void KeepFields(std::span<const net::Field> fields);
  async::Task<void> ReadTail();
  async::Task<void> Fail(request::Sink& sink, core::Error error, int upstream_status);
  core::Result<std::string_view> CheckAnswer(int status, bool says_json, std::string_view body);

  Gateway& gateway_;
  const request::Call& call_;
  const request::Target& target_;
  const providers::Provider& provider_;
  Scratch& scratch_;
  TargetMeters& meters_;
  std::unique_ptr<providers::Exchange> exchange_;
  ledger::Record record_;
  std::array<char, core::RequestId::kTextSize> id_text_;
  async::Deadline deadline_;
  core::MonoTime sent_{};
  std::chrono::nanoseconds before_{0};  // spent in Signalbox before sending
  bool open_ = false;                   // an intent waits for its settlement
};

}  // namespace signalbox::gateway
