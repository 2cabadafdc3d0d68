#include "surface/cli/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/async/gate.h"
#include "base/json/writer.h"
#include "surface/cli/call_failure.h"

namespace signalbox::cli {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;

struct Tally {
  std::uint32_t left = 0;
  std::vector<nanoseconds> times;
  std::uint32_t failed = 0;
  std::string first_error;
  bool unreached = false;  // the first error: no connection came about
};

void NoteFailure(Tally& tally, std::string error) {
  if (tally.failed++ == 0) {
    tally.first_error = std::move(error);
  }
}

async::Task<void> AskOnce(ServerLink* link, std::string_view body, Tally* tally) {
  const core::MonoTime started = core::MonoNow();
  const auto exchange = link->Open();
  const async::Deadline deadline{started + std::chrono::seconds(60), nullptr};
  const auto head = co_await exchange->Send(
      {.path = "/v1/chat/completions", .body = {&body, 1}, .body_bytes = body.size()}, deadline);
  if (!head) {
    tally->unreached |= tally->failed == 0 && StatusAfter(head.error()) == kNotReached;
    NoteFailure(*tally, Advised(head.error()));
    co_return;
  }
  const int status = head->status;
  const auto answer = co_await exchange->ReadAll(deadline);
  if (!answer) {
    NoteFailure(*tally, answer.error().message);
  } else if (status != 200) {
    NoteFailure(*tally, fmt::format("status {}", status));
  } else {
    tally->times.push_back(core::MonoNow() - started);
  }
}

async::Task<void> AskRepeatedly(ServerLink* link, std::string_view body, Tally* tally) {
  while (tally->left != 0) {
    --tally->left;
    co_await AskOnce(link, body, tally);
  }
}

async::Task<void> AskAll(ServerLink* link, std::string_view body, std::uint32_t concurrency,
                         Tally* tally) {
  async::Gate gate(link->loop());
  for (std::uint32_t i = 0; i < concurrency; ++i) {
    gate.Spawn(AskRepeatedly(link, body, tally));
  }
  co_await gate.Drained({});
}

double Micros(const std::vector<nanoseconds>& sorted, double part) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return duration<double, std::micro>(sorted[static_cast<std::size_t>(part * last)]).count();
}

}  // namespace

int Bench(const BenchArguments& arguments) {
  auto link = ServerLink::Create(arguments.server);
  if (!link) {
    fmt::print(stderr, "signalbox bench: {}\n", link.error().message);
    return kWrongUse;
  }
  std::string body;
  json::Writer writer(body);
  writer.BeginObject().Key("model").String(arguments.model).Key("messages").BeginArray();
  writer.BeginObject().Key("role").String("user").Key("content").String("Hello").EndObject();
  writer.EndArray().EndObject();
  Tally tally{.left = arguments.requests};
  const core::MonoTime started = core::MonoNow();
  (*link)->Run(AskAll(link->get(), body, arguments.concurrency, &tally));
  const double seconds = duration<double>(core::MonoNow() - started).count();
  std::ranges::sort(tally.times);
  if (tally.failed != 0) {
    fmt::print(stderr, "signalbox bench: {} of {} requests failed; the first: {}\n", tally.failed,
               arguments.requests, tally.first_error);
  }
  if (tally.times.empty()) {
    return tally.unreached ? kNotReached : kFailed;
  }
  const double rate = static_cast<double>(tally.times.size()) / seconds;
  if (arguments.json) {
    std::string out;
    json::Writer result(out);
    result.BeginObject().Key("requests").Uint(tally.times.size()).Key("failed").Uint(tally.failed);
    result.Key("requests_per_second").Double(rate);
    result.Key("p50_us").Double(Micros(tally.times, 0.5));
    result.Key("p99_us").Double(Micros(tally.times, 0.99));
    result.Key("max_us").Double(Micros(tally.times, 1)).EndObject();
    fmt::print("{}\n", out);
  } else {
    fmt::print(
        "{} requests, {} at once: {:.0f} requests/s, p50 {:.0f} us, p99 {:.0f} us, max {:.0f} us\n",
        tally.times.size(), arguments.concurrency, rate, Micros(tally.times, 0.5),
        Micros(tally.times, 0.99), Micros(tally.times, 1));
  }
  return tally.failed == 0 ? kDone : kFailed;
}

}  // namespace signalbox::cli
