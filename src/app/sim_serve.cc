#include "app/sim_serve.h"

#include <fmt/format.h>
#include <signal.h>

#include <thread>

#include "base/async/gate.h"
#include "io/net/listener.h"
#include "io/net/server.h"
#include "vendors/providers/sim/sim_service.h"

namespace signalbox::app {
namespace {

using async::Task;
using net::ServerExchange;

constexpr std::uint64_t kBodyLimit = 64ULL * 1024 * 1024;

// Serves what SimService plans over HTTP, broken endings included.
class SimHandler final : public net::Handler {
 public:
  SimHandler(async::Loop& loop, sim::ScriptRun& run) : loop_(loop), service_(run) {}

  Task<void> Handle(ServerExchange& exchange) override;
  std::string Refuse(int, std::string_view reason) override {
    return fmt::format(R"({{"error":{{"message":"{}","type":"invalid_request_error"}}}})", reason);
  }

 private:
  Task<void> SendBody(ServerExchange& exchange, sim::ServiceAnswer& answer);
  Task<void> EndAs(ServerExchange& exchange, sim::Break ending);
  async::Deadline Until(ServerExchange& exchange, core::MonoTime at) const {
    return {at, &exchange.cancellation()};
  }

  async::Loop& loop_;
  sim::SimService service_;
};

Task<void> SimHandler::Handle(ServerExchange& exchange) {
  const net::RequestHead& head = exchange.head();
  std::string_view body;
  std::optional<sim::FormSummary> form;
  if (const std::string_view type = head.fields.Get("content-type"); net::FormBoundary(type)) {
    core::Result<std::string_view> bytes = std::string_view("first");
    form.emplace(type);
    while (bytes && !bytes->empty()) {
      bytes = co_await exchange.ReadSome(kBodyLimit);
      form->Feed(bytes.value_or(""));
    }
    if (!bytes) {
      exchange.Abort(false);
      co_return;
    }
  } else {
    const auto whole = co_await exchange.ReadBody(kBodyLimit);
    if (!whole) {
      exchange.Abort(false);
      co_return;
    }
    body = *whole;
  }
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  for (const net::Field& field : head.fields.all()) {
    fields.emplace_back(field.name, field.value);
  }
  std::string path(head.path);
  if (!head.query.empty()) {
    path.append("?").append(head.query);  // Gemini's says how the answer is framed
  }
  sim::ServiceAnswer answer = service_.Handle({.method = Name(head.method),
                                               .path = path,
                                               .body = body,
                                               .headers = fields,
                                               .now = loop_.now(),
                                               .wall_now = loop_.wall_now(),
                                               .form = form ? &*form : nullptr});
  co_await loop_.SleepUntil(Until(exchange, loop_.now() + answer.head_at));
  if (answer.no_head != sim::Break::kNone) {
    co_await EndAs(exchange, answer.no_head);
    co_return;
  }
  exchange.fields().Add("content-type", answer.content_type);
  exchange.fields().Add("x-request-id", answer.request_id);
  if (!answer.retry_after.empty()) {
    exchange.fields().Add("retry-after", answer.retry_after);
  }
  for (const auto& [name, value] : answer.headers) {
    exchange.fields().Add(name, value);
  }
  co_await SendBody(exchange, answer);
}

Task<void> SimHandler::SendBody(ServerExchange& exchange, sim::ServiceAnswer& answer) {
  const core::MonoTime started = loop_.now();
  exchange.StartStream(answer.status, answer.length);
  core::Status sent;
  if (!answer.length) {
    sent = co_await exchange.WriteStream({});
  }
  while (sent) {
    const auto step = answer.body->Next(loop_.now() - started);
    if (step.kind == sim::BodyStream::Step::Kind::kWait) {
      co_await loop_.SleepUntil(Until(exchange, started + step.at));
      if (exchange.cancellation().cancelled()) {
        co_return;
      }
    } else if (step.kind == sim::BodyStream::Step::Kind::kBytes) {
      sent = co_await exchange.WriteStream({&step.bytes, 1});
      if (sent && answer.bad_chunking) {
        co_await exchange.WriteRaw("no chunk\r\n");
        exchange.Abort(false);
        co_return;
      }
    } else if (answer.body->ending() == sim::Break::kNone) {
      sent = co_await exchange.EndStream({});
      co_return;
    } else {
      co_await EndAs(exchange, answer.body->ending());
      co_return;
    }
  }
}

Task<void> SimHandler::EndAs(ServerExchange& exchange, sim::Break ending) {
  if (ending == sim::Break::kHang) {
    co_await loop_.SleepUntil(Until(exchange, core::kNever));
  }
  exchange.Abort(ending == sim::Break::kReset);
}

Task<void> DrainThenStop(async::Loop* loop, net::Server* server) {
  co_await server->Drain(loop->now());
  co_await server->CancelAll();
  loop->Stop();
}

int Run(net::Socket listener, sim::ScriptRun& run) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const auto loop = async::Loop::Create();
  if (!loop) {
    fmt::print(stderr, "signalbox sim serve: {}\n", loop.error().message);
    return 1;
  }
  const net::ServerOptions options;
  SimHandler handler(**loop, run);
  net::Server server(**loop, options, nullptr, handler);
  async::Gate gate(**loop);
  std::thread thread([&] {
    server.Start(std::move(listener));
    (*loop)->Run();
  });
  int signal = 0;
  sigwait(&signals, &signal);
  (*loop)->Post([&] { gate.Spawn(DrainThenStop(loop->get(), &server)); });
  thread.join();
  return 0;
}

}  // namespace

int SimServe(const SimServeArguments& arguments) {
  std::vector<config::Problem> problems;
  sim::Script script;
  if (!arguments.script.empty()) {
    auto loaded = sim::LoadScript(arguments.script, problems);
    if (!loaded) {
      fmt::print(stderr, "{}", config::Text(problems));
      return 2;
    }
    script = *std::move(loaded);
  }
  const auto address = config::ParseHostPort(arguments.listen);
  if (!address || !net::IsLoopback(address->host)) {
    fmt::print(stderr,
               "signalbox sim serve: --listen: expected a loopback address with a port, "
               "such as 127.0.0.1:9001\n");
    return 2;
  }
  auto listener = net::Listen(*address, 1);
  if (!listener) {
    fmt::print(stderr, "signalbox sim serve: {}\n", listener.error().message);
    return 1;
  }
  const config::HostPort bound{address->host, net::LocalPort(listener->front())};
  fmt::print("listening on http://{}\n", bound.Text());
  std::fflush(stdout);
  sim::ScriptRun run(std::move(script));
  return Run(std::move(listener->front()), run);
}

}  // namespace signalbox::app
