// A name server on loopback for one test: answers each family as it was told to. Test support.
//
// Threads: one of its own; Say may be called at any time.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "io/net/resolver_options.h"

namespace signalbox::net {

class NameServer {
 public:
  static constexpr int kA = 1;
  static constexpr int kAaaa = 28;
  static constexpr int kNxDomain = 3;
  static constexpr int kServFail = 2;

  struct Word {
    std::vector<std::string> addresses{};
    unsigned char ttl = 60;
    int code = 0;
    bool silent = false;
  };

  NameServer() : fd_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {}, .sin_zero = {}};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~NameServer() {
    shutdown(fd_, SHUT_RD);  // wakes the thread, with an error for a socket without a peer
    thread_.join();
    close(fd_);
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  void Say(int type, Word word) {
    const std::lock_guard lock(mutex_);
    words_[type] = std::move(word);
  }
  int asked(int type) {
    const std::lock_guard lock(mutex_);
    return asked_[type];
  }
  ResolverOptions Options(std::chrono::nanoseconds stale = std::chrono::minutes(10)) const {
    return {.servers = {"127.0.0.1:" + std::to_string(port_)}, .stale = stale};
  }

 private:
  void Serve() {
    std::array<unsigned char, 512> question;
    sockaddr_in peer{};
    while (true) {
      socklen_t size = sizeof peer;
      const ssize_t got = recvfrom(fd_, question.data(), question.size(), 0,
                                   reinterpret_cast<sockaddr*>(&peer), &size);
      if (got <= 12) {
        return;
      }
      const std::string reply = Reply({question.data(), static_cast<std::size_t>(got)});
      if (!reply.empty()) {
        sendto(fd_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
      }
    }
  }

  // The question as it came, and the records with a pointer to its name (RFC 1035 section 4.1).
  std::string Reply(std::basic_string_view<unsigned char> question) {
    std::size_t end = 12;
    while (question[end] != 0) {
      end += question[end] + 1U;
    }
    const int type = question[end + 1] * 256 + question[end + 2];
    const std::lock_guard lock(mutex_);
    ++asked_[type];
    const Word& word = words_[type];
    if (word.silent) {
      return "";
    }
    std::string out(question.begin(), question.begin() + static_cast<std::ptrdiff_t>(end + 5));
    out[2] = '\x81';
    out[3] = static_cast<char>(0x80 | word.code);
    out[7] = static_cast<char>(word.addresses.size());
    out[9] = out[11] = 0;  // what the question had besides
    for (const std::string& address : word.addresses) {
      std::array<char, 16> bytes{};
      const std::size_t size = type == kA ? 4 : 16;
      inet_pton(type == kA ? AF_INET : AF_INET6, address.c_str(), bytes.data());
      out += {'\xc0', '\x0c', 0, static_cast<char>(type),     0, 1,
              0,      0,      0, static_cast<char>(word.ttl), 0, static_cast<char>(size)};
      out.append(bytes.data(), size);
    }
    return out;
  }

  int fd_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::map<int, Word> words_;
  std::map<int, int> asked_;
  std::thread thread_;
};

}  // namespace signalbox::net
