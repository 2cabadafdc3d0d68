// A small strict S3 on a free port, for tests: one bucket in memory. It works out every signature
// by itself from the bytes of the request, and refuses what Amazon refuses: unsigned fields, wrong
// hashes, an old date, parts that are too small, unknown parameters.
#pragma once

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "io/net/server_testing.h"
#include "io/store/s3/s3_uploads_testing.h"

namespace signalbox::s3 {

// What goes wrong with a request before or after it has taken effect.
struct Fault {
  std::string method;  // of which request; empty: any
  enum class Kind : std::uint8_t {
    kAnswer,
    kBreakBefore,
    kBreakAfter,
    kBreakHalfway,
    kDamage
  } kind;
  S3Reply answer = {};
};

class S3Server final : public net::Handler {
 public:
  explicit S3Server(S3ServerOptions options = {})
      : gate_(thread_.loop()), bucket_(std::move(options)) {
    auto listeners = net::Listen({"127.0.0.1", 0}, 1);
    EXPECT_TRUE(listeners.has_value());
    port_ = net::LocalPort(listeners->front());
    net::ServerOptions server_options;
    server_ = std::make_unique<net::Server>(thread_.loop(), server_options, nullptr, *this);
    thread_.Do([&] { server_->Start(std::move(listeners->front())); });
  }
  ~S3Server() {
    net::Notes ended;
    thread_.Do([&] { gate_.Spawn(End(server_.get(), thread_.loop().now(), &ended)); });
    EXPECT_TRUE(ended.Wait("ended"));
    thread_.Do([&] { server_.reset(); });
  }

  std::uint16_t port() const { return port_; }
  const S3ServerOptions& options() const { return bucket_.options(); }

  void Break(Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
  }
  std::vector<std::string> requests() const {  // "PUT /episodes-test/a.txt?uploads="
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t open_uploads() const {
    const std::lock_guard lock(mutex_);
    return bucket_.open_uploads();
  }
  void PutDirectly(const std::string& key, const std::string& bytes) {
    const std::lock_guard lock(mutex_);
    bucket_.PutDirectly(key, bytes);
  }
  bool faults_empty() const {
    const std::lock_guard lock(mutex_);
    return faults_.empty();
  }
  bool Has(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return bucket_.Has(key);
  }

  async::Task<void> Handle(net::ServerExchange& exchange) override;
  std::string Refuse(int, std::string_view reason) override { return std::string(reason); }

 private:
  static async::Task<void> End(net::Server* server, core::MonoTime now, net::Notes* ended) {
    co_await server->Drain(now);
    co_await server->CancelAll();
    ended->Add("ended");
  }
  std::optional<Fault> NextFault(const std::string& method);

  net::LoopThread thread_;
  async::Gate gate_;
  std::unique_ptr<net::Server> server_;
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;
  S3Bucket bucket_;
  std::vector<Fault> faults_;
  std::vector<std::string> requests_;
};

inline async::Task<void> S3Server::Handle(net::ServerExchange& exchange) {
  constexpr std::uint64_t kLimit = 64U << 20;
  const auto body = co_await exchange.ReadBody(kLimit);
  if (!body) {
    co_return;
  }
  const Asked asked = ReadAsked(exchange.head(), *body, bucket_.options().bucket);
  const std::optional<Fault> fault = NextFault(asked.method);
  if (fault && fault->kind == Fault::Kind::kBreakBefore) {
    exchange.Abort(true);
    co_return;
  }
  S3Reply reply;
  if (fault && fault->kind == Fault::Kind::kAnswer) {
    reply = fault->answer;
  } else {
    const std::lock_guard lock(mutex_);
    requests_.push_back(asked.method + " " + asked.path +
                        (asked.query.empty() ? "" : "?" + asked.query));
    reply = bucket_.Answer(asked);
  }
  if (fault && fault->kind == Fault::Kind::kBreakAfter) {
    exchange.Abort(true);
    co_return;
  }
  if (fault && fault->kind == Fault::Kind::kDamage && !reply.body.empty()) {
    reply.body[reply.body.size() / 2] = static_cast<char>(reply.body[reply.body.size() / 2] ^ 1);
  }
  for (const auto& [name, value] : reply.fields) {
    exchange.fields().Add(name, value);
  }
  const std::vector<std::string_view> whole = {reply.body};
  if (fault && fault->kind == Fault::Kind::kBreakHalfway) {
    exchange.StartStream(reply.status, reply.body.size());
    const std::vector<std::string_view> half = {
        std::string_view(reply.body).substr(0, reply.body.size() / 2)};
    co_await exchange.WriteStream(half);
    exchange.Abort(false);
    co_return;
  }
  co_await exchange.Respond(reply.status, whole);
}

inline std::optional<Fault> S3Server::NextFault(const std::string& method) {
  const std::lock_guard lock(mutex_);
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->method.empty() || fault->method == method) {
      Fault found = *fault;
      faults_.erase(fault);
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace signalbox::s3
