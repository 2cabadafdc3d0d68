// A server on a free port with a loop and a thread of its own, and a handler for every occasion.
#pragma once

#include <thread>

#include "base/async/gate.h"
#include "io/net/raw_peer_testing.h"
#include "io/net/server.h"

namespace signalbox::net {

// Runs a loop on a thread until it goes.
class LoopThread {
 public:
  LoopThread() : loop_(*async::Loop::Create()), thread_([this] { loop_->Run(); }) {}
  ~LoopThread() {
    loop_->Stop();
    thread_.join();
  }
  async::Loop& loop() { return *loop_; }
  // Runs `work` on the loop's thread and waits for it.
  void Do(const std::function<void()>& work) {
    Notes notes;
    loop_->Post([&] {
      work();
      notes.Add("done");
    });
    EXPECT_TRUE(notes.Wait("done"));
  }

 private:
  std::unique_ptr<async::Loop> loop_;
  std::thread thread_;
};

class TestHandler final : public Handler {
 public:
  static constexpr std::uint64_t kBodyLimit = 1024 * 1024;

  Notes notes;
  async::Event* release = nullptr;  // what /wait waits for, when set
  std::string big = std::string(32 * 1024 * 1024, 'b');

  async::Task<void> Handle(ServerExchange& exchange) override {
    const std::string path(exchange.head().path);
    notes.Add(path);
    if (path == "/echo") {
      co_await Echo(exchange);
    } else if (path == "/some") {
      co_await EchoSome(exchange);
    } else if (path == "/wait") {
      co_await WaitThenAnswer(exchange);
    } else if (path == "/stream") {
      co_await StreamThree(exchange);
    } else if (path == "/stream-wait") {
      co_await StreamThenWait(exchange);
    } else if (path == "/unended") {
      exchange.StartStream(200);
      co_await exchange.WriteStream(Pieces({"half"}));
    } else if (path == "/sized") {
      exchange.StartStream(200, 6);
      co_await exchange.WriteStream(Pieces({"abc"}));
      co_await exchange.EndStream(Pieces({"def"}));
    } else if (path == "/abort") {
      exchange.Abort(true);
    } else if (path == "/big" || path == "/big-by-then") {
      if (path != "/big") {
        exchange.SetWriteEnd(exchange.loop().now() + std::chrono::milliseconds(50));
      }
      const core::Status sent = co_await exchange.Respond(200, Pieces({big}));
      notes.Add(sent ? "sent" : std::string(Name(sent.error().code)));
    } else if (path != "/none") {
      exchange.fields().Add("x-test", "a\r\nb: c");
      co_await exchange.Respond(200, Pieces({"hel", "", "lo"}));
    }
    notes.Add("end " + path);
  }
  std::string Refuse(int status, std::string_view reason) override {
    return std::to_string(status) + " " + std::string(reason);
  }

 private:
  using PieceList = std::vector<std::string_view>;
  static PieceList Pieces(PieceList pieces) { return pieces; }

  async::Task<void> Echo(ServerExchange& exchange) {
    const auto body = co_await exchange.ReadBody(kBodyLimit);
    if (!body) {
      const std::string code(Name(body.error().code));
      notes.Add(code);
      co_await exchange.Respond(core::HttpStatus(body.error().code), Pieces({code}));
      co_return;
    }
    // The head must still be whole when the body has been read.
    const std::string type(exchange.head().fields.Get("content-type"));
    co_await exchange.Respond(200, Pieces({type, "|", *body}));
  }
  // The same with the body as it comes.
  async::Task<void> EchoSome(ServerExchange& exchange) {
    std::string body;
    while (true) {
      const auto some = co_await exchange.ReadSome(kBodyLimit);
      if (!some) {
        const std::string code(Name(some.error().code));
        notes.Add(code);
        co_await exchange.Respond(core::HttpStatus(some.error().code), Pieces({code}));
        co_return;
      }
      if (some->empty()) {
        break;
      }
      body += *some;
    }
    const std::string type(exchange.head().fields.Get("content-type"));
    co_await exchange.Respond(200, Pieces({type, "|", body}));
  }
  async::Task<void> WaitThenAnswer(ServerExchange& exchange) {
    const async::Deadline deadline{exchange.loop().now() + std::chrono::seconds(kTestSeconds),
                                   &exchange.cancellation()};
    async::Wake wake = async::Wake::kNone;
    if (release != nullptr) {
      wake = co_await release->Wait(deadline);
    } else {
      wake = co_await exchange.loop().SleepUntil(deadline);
    }
    if (wake == async::Wake::kCancelled) {
      notes.Add("cancelled");
      co_return;
    }
    co_await exchange.Respond(200, Pieces({"waited"}));
  }
  async::Task<void> StreamThree(ServerExchange& exchange) {
    exchange.StartStream(200);
    co_await exchange.WriteStream({});
    co_await exchange.WriteStream(Pieces({"one", "", " and"}));
    co_await exchange.WriteStream(Pieces({""}));
    co_await exchange.EndStream(Pieces({" two"}));
  }
  async::Task<void> StreamThenWait(ServerExchange& exchange) {
    exchange.StartStream(200);
    co_await exchange.WriteStream(Pieces({"data: 1\n\n"}));
    exchange.SetAtBoundary(true);
    notes.Add("streaming");
    async::Event never(exchange.loop());
    async::Event& event = release != nullptr ? *release : never;
    const async::Wake wake = co_await event.Wait(
        {exchange.loop().now() + std::chrono::seconds(kTestSeconds), &exchange.cancellation()});
    if (wake == async::Wake::kCancelled) {
      notes.Add("cancelled");
      co_return;
    }
    co_await exchange.EndStream(Pieces({"data: 2\n\n"}));
  }
};

class ServerRig {
 public:
  explicit ServerRig(const ServerOptions& options = {},
                     std::shared_ptr<const TlsContext> tls = nullptr)
      : release_(thread_.loop()),
        server_(std::make_unique<Server>(thread_.loop(), options, std::move(tls), handler_)),
        gate_(thread_.loop()) {
    auto listeners = Listen({"127.0.0.1", 0}, 1);
    EXPECT_TRUE(listeners.has_value());
    port_ = LocalPort(listeners->front());
    thread_.Do([&] { server_->Start(std::move(listeners->front())); });
  }
  ~ServerRig() {
    if (!draining_) {
      Drain(std::chrono::nanoseconds(0));
      EXPECT_TRUE(notes().Wait("drain ended"));
    }
    thread_.Do([&] { server_.reset(); });
  }

  std::uint16_t port() const { return port_; }
  TestHandler& handler() { return handler_; }
  Notes& notes() { return handler_.notes; }
  RawPeer Connect() const { return RawPeer::ConnectTo(port_); }
  std::string Ask(std::string_view request) const {
    RawPeer peer = Connect();
    peer.Send(request);
    return peer.All();
  }
  void Do(const std::function<void()>& work) { thread_.Do(work); }
  void Adopt(const ServerOptions& options, std::shared_ptr<const TlsContext> tls = nullptr) {
    Do([&] { server_->Adopt(options, std::move(tls)); });
  }
  std::size_t connections() {
    std::size_t count = 0;
    Do([&] { count = server_->connections(); });
    return count;
  }
  // Lets /wait and /stream-wait go on when Release is called.
  void HoldRequests() {
    Do([&] { handler_.release = &release_; });
  }
  void Release() {
    Do([&] { release_.Set(); });
  }
  // Starts the drain; its end is the note "drain ended", after "by itself" when it was.
  void Drain(std::chrono::nanoseconds time) {
    draining_ = true;
    Do([&] { gate_.Spawn(RunDrain(this, time)); });
  }

 private:
  static async::Task<void> RunDrain(ServerRig* rig, std::chrono::nanoseconds time) {
    const bool by_itself = co_await rig->server_->Drain(rig->thread_.loop().now() + time);
    if (by_itself) {
      rig->notes().Add("by itself");
    }
    co_await rig->server_->CancelAll();
    rig->notes().Add("drain ended");
  }

  TestHandler handler_;
  LoopThread thread_;
  async::Event release_;
  std::unique_ptr<Server> server_;
  async::Gate gate_;
  std::uint16_t port_ = 0;
  bool draining_ = false;
};

}  // namespace signalbox::net
