#include "io/net/dns_channel.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace signalbox::net {
namespace {

constexpr int kTryMillis = 1500;  // doubled for the second try: both fit into a usual connect limit
constexpr int kTries = 2;

DnsChannel::Answer AddressesOf(const ares_addrinfo& result) {
  DnsChannel::Answer answer;
  answer.ttl = std::chrono::seconds::max();
  for (const ares_addrinfo_node* node = result.nodes; node != nullptr; node = node->ai_next) {
    IpAddress& address = answer.addresses.emplace_back();
    address.v6 = node->ai_family == AF_INET6;
    if (address.v6) {
      const auto* peer = reinterpret_cast<const sockaddr_in6*>(node->ai_addr);
      std::memcpy(address.bytes, &peer->sin6_addr, 16);
    } else {
      const auto* peer = reinterpret_cast<const sockaddr_in*>(node->ai_addr);
      std::memcpy(address.bytes, &peer->sin_addr, 4);
    }
    answer.ttl = std::min(answer.ttl, std::chrono::seconds(node->ai_ttl));
  }
  return answer;
}

}  // namespace

struct DnsChannel::Question {
  DnsChannel& channel;
  Listener& listener;
};

DnsChannel::DnsChannel(const ResolverOptions& resolver) {
  ares_library_init(ARES_LIB_INIT_ALL);
  ares_options options{};
  options.timeout = kTryMillis;
  options.tries = kTries;
  ok_ = ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) == ARES_SUCCESS;
  std::string wrong;
  const auto servers = ServerList(resolver.servers, wrong);
  if (ok_ && servers && !servers->empty()) {
    ok_ = ares_set_servers_ports_csv(channel_, servers->c_str()) == ARES_SUCCESS;
  }
}

DnsChannel::~DnsChannel() {
  if (channel_ != nullptr) {
    ares_destroy(channel_);
  }
  ares_library_cleanup();
}

void DnsChannel::Ask(const std::string& name, bool v6, Listener& listener) {
  ares_addrinfo_hints hints{};
  hints.ai_family = v6 ? AF_INET6 : AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  ++pending_;
  auto question = std::make_unique<Question>(Question{*this, listener});
  ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, &OnAnswer, question.release());
}

void DnsChannel::OnAnswer(void* argument, int status, int, ares_addrinfo* result) {
  const std::unique_ptr<Question> question(static_cast<Question*>(argument));
  --question->channel.pending_;
  Answer answer;
  if (status == ARES_SUCCESS && result->nodes != nullptr) {
    answer = AddressesOf(*result);
  } else {
    answer.none = status == ARES_SUCCESS || status == ARES_ENODATA;
    answer.unanswered = !answer.none && status != ARES_ENOTFOUND;
    answer.failure = answer.none ? "it has no address" : ares_strerror(status);
  }
  if (result != nullptr) {
    ares_freeaddrinfo(result);
  }
  question->listener.OnAnswer(std::move(answer));
}

void DnsChannel::Process() {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets;
  const int bits = ares_getsock(channel_, sockets.data(), static_cast<int>(sockets.size()));
  for (unsigned i = 0; i < sockets.size(); ++i) {
    const bool reads = ARES_GETSOCK_READABLE(bits, i) != 0;
    const bool writes = ARES_GETSOCK_WRITABLE(bits, i) != 0;
    if (!reads && !writes) {
      break;
    }
    pollfd state{.fd = sockets[i],
                 .events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)),
                 .revents = 0};
    if (poll(&state, 1, 0) == 1) {
      ares_process_fd(
          channel_,
          (state.revents & (POLLIN | POLLERR | POLLHUP)) != 0 ? sockets[i] : ARES_SOCKET_BAD,
          (state.revents & POLLOUT) != 0 ? sockets[i] : ARES_SOCKET_BAD);
    }
  }
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // time-outs
}

}  // namespace signalbox::net
