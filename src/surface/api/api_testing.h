// An Api behind a server on a port of its own, with a fake upstream behind it.
//
// Owner: the test. Threads: the test's; the loop has its own. Errors: expectations.
// Cancel: drained at its end.
#pragma once

#include "io/net/server_testing.h"
#include "pipeline/gateway/gateway_testing.h"
#include "surface/api/api.h"

namespace signalbox::api {

inline const std::string kKey = "0123456789abcdef-key";

class ApiRig {
 public:
  // Made on the loop's thread, and gone before the loop.
  using MakeVerifier = std::function<std::shared_ptr<Verifier>(async::Loop&)>;

  explicit ApiRig(const std::string& key = "", const MakeVerifier& make_verifier = {},
                  const Services& services = {})
      : access_(std::make_shared<const AccessRules>(AccessOptions{.key = config::Secret(key)})),
        services_(services) {
    auto listeners = net::Listen({"127.0.0.1", 0}, 1);
    EXPECT_TRUE(listeners.has_value());
    port_ = net::LocalPort(listeners->front());
    thread_.Do([&] {
      providers::ProviderOptions options;
      options.models = {"small", "large"};
      gateway_.emplace(thread_.loop(), options);
      services_.data = gateway_->directory.path();
      verifier_ = make_verifier ? make_verifier(thread_.loop()) : nullptr;
      api_.emplace(Api::Parts{.gateway = gateway_->gateway,
                              .access = access_,
                              .meters = gateway_->meters,
                              .ready = ready_,
                              .metrics_text = [this] { return gateway_->registry.Text(); },
                              .health = [this](async::Cancellation*) { return Health(this); },
                              .pool = pool_,
                              .services = services_,
                              .body_limit = 4096,
                              .held_limit = 1024,
                              .verifier = verifier_.get()});
      server_.emplace(thread_.loop(), options_, nullptr, *api_);
      gate_.emplace(thread_.loop());
      server_->Start(std::move(listeners->front()));
    });
  }
  ~ApiRig() {
    thread_.Do([&] { gate_->Spawn(Drain(this)); });
    EXPECT_TRUE(notes_.Wait("drained"));
    thread_.Do([&] {
      gate_.reset();
      server_.reset();
      api_.reset();
      verifier_.reset();
      gateway_.reset();
    });
  }

  std::string Ask(const std::string& line, const std::string& fields = "",
                  const std::string& body = "") {
    net::RawPeer peer = net::RawPeer::ConnectTo(port_);
    std::string request = line + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" + fields;
    if (!body.empty()) {
      request += "content-length: " + std::to_string(body.size()) + "\r\n";
    }
    peer.Send(request + "\r\n" + body);
    return peer.All();
  }
  void Answer(gateway::FakeAnswer answer) {
    thread_.Do([&] { gateway_->upstream->answers.push_back(std::move(answer)); });
  }
  std::size_t calls() {
    std::size_t count = 0;
    thread_.Do([&] { count = gateway_->upstream->calls.size(); });
    return count;
  }
  std::uint16_t port() const { return port_; }
  void set_ready(bool ready) { ready_.store(ready); }

 private:
  static async::Task<execution::HealthReport> Health(ApiRig* rig) {
    co_return execution::HealthReport::Of(rig->gateway_->gateway.lineup().health(),
                                          rig->thread_.loop().now());
  }
  static async::Task<void> Drain(ApiRig* rig) {
    co_await rig->server_->Drain(rig->thread_.loop().now());
    co_await rig->server_->CancelAll();
    rig->notes_.Add("drained");
  }

  std::shared_ptr<const AccessRules> access_;
  Services services_;
  async::Pool pool_{1};
  net::ServerOptions options_;
  std::atomic<bool> ready_{true};
  net::Notes notes_;
  net::LoopThread thread_;
  std::shared_ptr<Verifier> verifier_;
  std::optional<gateway::GatewayRig> gateway_;
  std::optional<Api> api_;
  std::optional<net::Server> server_;
  std::optional<async::Gate> gate_;
  std::uint16_t port_ = 0;
};

inline int StatusOf(const std::string& answer) {
  return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}

inline bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The body of an answer.
inline std::string BodyOf(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

// Tokens that are words: "viewer", "member", "operator", "admin" of tenant A or, with "-b", of
// tenant B; "root-admin" of the installation, "root-viewer" as well. All others are nobody's. With
// "slow-" before them they have to be asked for; "slow-away": nobody can be asked.
class FakeVerifier final : public Verifier {
 public:
  bool open() const override { return false; }
  Known Recognize(std::string_view credential, core::WallTime) override {
    if (credential.starts_with("slow-")) {
      return std::nullopt;
    }
    return Find(credential);
  }
  async::Task<core::Result<request::Principal>> Ask(std::string credential, core::WallTime,
                                                    async::Deadline) override {
    if (credential == "slow-away") {
      co_return core::Fail(core::ErrorCode::kUnavailable, "the issuer is away");
    }
    co_return Find(std::string_view(credential).substr(5));
  }

  static std::shared_ptr<Verifier> Make(async::Loop&) { return std::make_shared<FakeVerifier>(); }

  static request::Principal Principal(std::string id, request::Role role, bool of_tenant,
                                      std::uint8_t tenant) {
    auto grant = std::make_shared<request::Grant>();
    grant->role = role;
    grant->of_tenant = of_tenant;
    grant->name = id;
    if (of_tenant) {
      grant->parties.tenant.uuid.bytes.fill(tenant);
    }
    return {.id = std::move(id), .grant = std::move(grant)};
  }

 private:
  static core::Result<request::Principal> Find(std::string_view credential) {
    const bool whole = credential.starts_with("root-");
    const bool other = credential.ends_with("-b");
    std::string_view word = credential.substr(whole ? 5 : 0);
    word.remove_suffix(other ? 2 : 0);
    for (const auto role : {request::Role::kViewer, request::Role::kMember,
                            request::Role::kOperator, request::Role::kAdmin}) {
      if (word == RoleName(role)) {
        return Principal(std::string(credential), role, !whole, other ? 2 : 1);
      }
    }
    return core::Fail(core::ErrorCode::kUnauthenticated, "no such key");
  }
};

}  // namespace signalbox::api
