#include "vendors/providers/sim/sim_upstream.h"

#include <string>

#include "base/async/watch.h"

namespace signalbox::sim {
namespace {

using async::Deadline;
using async::Task;
using async::Wake;
using core::Result;

class SimExchange : public providers::Exchange {
 public:
  SimExchange(async::Loop& loop, SimService& service) : loop_(loop), service_(service) {}

  Task<Result<providers::UpstreamHead>> Send(const providers::UpstreamRequest& request,
                                             Deadline deadline) override {
    const core::MonoTime arrived = loop_.now();
    if (request.source != nullptr) {
      FormSummary form(request.content_type);
      while (true) {
        SB_CO_TRY(const std::string_view bytes, co_await request.source->Next());
        if (bytes.empty()) {
          break;
        }
        form.Feed(bytes);
      }
      answer_ = Handle(request, &form);
    } else {
      answer_ = Handle(request, nullptr);
    }
    if (auto waited = co_await WaitUntil(arrived + answer_.head_at, deadline); !waited) {
      co_return std::unexpected(std::move(waited).error());
    }
    if (answer_.no_head != Break::kNone) {
      auto broken = co_await EndAs(answer_.no_head, deadline);
      co_return std::unexpected(std::move(broken).error());
    }
    head_sent_ = loop_.now();
    providers::UpstreamHead head;
    head.status = answer_.status;
    head.content_type = answer_.content_type;
    head.retry_after = answer_.retry_after;
    head.vendor_request_id = answer_.request_id;
    co_return head;
  }

  bool HasBytes() const override {
    return answer_.body != nullptr && answer_.body->Due(loop_.now() - head_sent_);
  }

  Task<Result<std::string_view>> Read(Deadline deadline) override {
    if (answer_.bad_chunking && begun_) {
      co_return core::Fail(core::ErrorCode::kUpstreamProtocol, "sim: malformed chunk");
    }
    for (;;) {
      const auto step = answer_.body->Next(loop_.now() - head_sent_);
      if (step.kind == BodyStream::Step::Kind::kBytes) {
        begun_ = true;
        co_return step.bytes;
      }
      if (step.kind == BodyStream::Step::Kind::kEnd) {
        break;
      }
      if (auto waited = co_await WaitUntil(head_sent_ + step.at, deadline); !waited) {
        co_return std::unexpected(std::move(waited).error());
      }
    }
    if (auto ended = co_await EndAs(answer_.body->ending(), deadline); !ended) {
      co_return std::unexpected(std::move(ended).error());
    }
    co_return std::string_view();
  }

  Task<Result<std::string_view>> ReadAll(Deadline deadline) override {
    for (;;) {
      auto bytes = co_await Read(deadline);
      if (!bytes || bytes->empty()) {
        if (!bytes) {
          co_return bytes;
        }
        co_return std::string_view(whole_);
      }
      whole_ += *bytes;
    }
  }

 private:
  ServiceAnswer Handle(const providers::UpstreamRequest& request, const FormSummary* form) {
    std::string joined;
    if (request.body.size() != 1) {
      joined.reserve(request.body_bytes);
      for (const auto& piece : request.body) {
        joined += piece;
      }
    }
    const std::pair<std::string_view, std::string_view> id{"x-request-id", request.request_id};
    return service_.Handle(
        {.method = request.method,
         .path = request.path,
         .body = request.body.size() == 1 ? request.body[0] : std::string_view(joined),
         .headers = {&id, 1},
         .now = loop_.now(),
         .wall_now = loop_.wall_now(),
         .form = form});
  }

  // Fails when the deadline comes first, or the caller has gone.
  Task<core::Status> WaitUntil(core::MonoTime at, Deadline deadline) {
    if (deadline.cancellation != nullptr && deadline.cancellation->cancelled()) {
      co_return std::unexpected(async::ToError(Wake::kCancelled));
    }
    const Wake wake = co_await loop_.SleepUntil(deadline.Earlier(at));
    if (wake == Wake::kCancelled || deadline.at < at) {
      co_return std::unexpected(async::ToError(wake));
    }
    co_return core::Status();
  }

  Task<core::Status> EndAs(Break ending, Deadline deadline) {
    if (ending == Break::kHang) {
      const Wake wake = co_await loop_.SleepUntil(deadline);
      co_return std::unexpected(async::ToError(wake));
    }
    if (ending == Break::kReset) {
      co_return core::Fail(core::ErrorCode::kUpstreamFailed, "sim: connection reset by peer");
    }
    if (ending == Break::kCut) {
      co_return core::Fail(core::ErrorCode::kUpstreamFailed, "sim: closed before the body's end");
    }
    co_return core::Status();
  }

  async::Loop& loop_;
  SimService& service_;
  ServiceAnswer answer_;
  core::MonoTime head_sent_;
  std::string whole_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<providers::Exchange> SimUpstream::Open() {
  return std::make_unique<SimExchange>(loop_, service_);
}

}  // namespace signalbox::sim
