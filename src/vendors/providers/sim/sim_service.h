// The simulated provider without its transport: a request in; head, body and their timing out.
//
// Owner:   one per worker; the ScriptRun is shared and outlives it.
// Threads: the worker's.
// Errors:  none; a bad request has an answer with an error status, in the form of its dialect.
// Cancel:  an answer may be dropped at any time.
//
// An adapter waits until `head_at`, sends the head (unless `no_head` says how it fails instead),
// then does what body->Next says, and ends as body->ending() says.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/core/error.h"
#include "base/core/time.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"
#include "vendors/providers/sim/body_stream.h"
#include "vendors/providers/sim/media_answers.h"
#include "vendors/providers/sim/route.h"
#include "vendors/providers/sim/script_run.h"
#include "vendors/providers/sim/streamed_body.h"

namespace signalbox::sim {

struct ServiceRequest {
  std::string_view method;
  std::string_view path;  // as the vendor has it, or below its version, with the query
  std::string_view body;
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  core::MonoTime now;
  core::WallTime wall_now;
  const FormSummary* form = nullptr;  // in place of `body`
};

struct ServiceAnswer {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string request_id;                                        // for x-request-id
  std::string retry_after;                                       // empty: no such header
  std::span<const std::pair<std::string, std::string>> headers;  // the script's; as long as it
  std::chrono::nanoseconds head_at{0};                           // after the request's arrival
  Break no_head = Break::kNone;         // kReset or kHang at head_at, and that is all
  bool bad_chunking = false;            // break the transfer coding in the body's middle
  std::optional<std::uint64_t> length;  // content-length; absent: streamed
  std::unique_ptr<BodyStream> body;     // never null unless no_head
};

class SimService {
 public:
  explicit SimService(ScriptRun& run) : run_(run) {}

  ServiceAnswer Handle(const ServiceRequest& request);

 private:
  core::Result<ServiceAnswer> Dispatch(const ServiceRequest& request, const Route& route);
  core::Result<ServiceAnswer> HandleChat(const ServiceRequest& request, const Route& route);
  core::Result<ServiceAnswer> HandleCompletions(const ServiceRequest& request, const Route& route);
  core::Result<ServiceAnswer> HandleEmbeddings(const ServiceRequest& request, const Route& route);
  core::Result<ServiceAnswer> HandleRerank(const ServiceRequest& request, const Route& route);
  core::Result<ServiceAnswer> HandleCount(const ServiceRequest& request, const Route& route);

  core::Result<ServiceAnswer> HandleMedia(const ServiceRequest& request, const Route& route);
  core::Result<ServiceAnswer> HandleVendorMedia(const ServiceRequest& request, const Route& route);
  core::Result<MediaAnswer> MakeMedia(const ServiceRequest& request, const Route& route);

  Verdict Decide(const ServiceRequest& request, std::string_view model, std::string_view message,
                 bool streamed);

  // What HandleChat and HandleCompletions have in common, once the request is read: `answer` makes
  // the whole answer of a seed.
  template <typename Answer>
  ServiceAnswer Generate(const ServiceRequest& request, const Route& route,
                         const chat::Request& chat, const std::string& prompt, Answer answer);
  // The same for what is no speech: `render` makes the body.
  template <typename Render>
  ServiceAnswer Answered(const ServiceRequest& request, const Route& route, std::string_view model,
                         std::string_view message, Render render);

  ScriptRun& run_;
  json::Document document_;
};

}  // namespace signalbox::sim
