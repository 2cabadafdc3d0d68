// A Redis of one test's own, on a free port of loopback, with nothing on the disk but in a
// directory that goes with it. Test support.
//
// Threads: one; blocks. Use RedisServer::Missing() first: says so when there is no Redis here.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace signalbox::store {

class RedisServer {
 public:
  static bool Missing() {
    const bool missing = access(kProgram, X_OK) != 0;
    if (missing) {
      std::puts("skipped: no redis-server is installed");
    }
    return missing;
  }

  // `options` as on redis-server's command line. With `tls_files` {certificate, key} it speaks TLS.
  explicit RedisServer(std::vector<std::string> options = {},
                       std::vector<std::string> tls_files = {})
      : options_(std::move(options)), tls_files_(std::move(tls_files)) {
    std::string directory = (std::filesystem::temp_directory_path() / "redis-XXXXXX").string();
    directory_ = mkdtemp(directory.data());
    // Another program may take the port between our look and Redis' own.
    for (int attempt = 0; attempt < 10 && pid_ < 0; ++attempt) {
      port_ = FreePort();
      Start();
    }
    if (pid_ < 0) {
      std::fputs("redis-server does not start\n", stderr);
      std::abort();
    }
  }
  ~RedisServer() {
    Kill();
    std::filesystem::remove_all(directory_);
  }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::uint16_t port() const { return port_; }

  // Starts it (again, and empty but for what it saved) on its port.
  void Start() {
    pid_ = fork();
    if (pid_ == 0) {
      Execute();
    }
    for (int i = 0; i < 2000; ++i) {
      int status = 0;
      if (waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = -1;
        return;
      }
      if (Answers()) {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    Kill();
  }
  void Kill() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      pid_ = -1;
    }
  }
  void Freeze() const { kill(pid_, SIGSTOP); }
  void Thaw() const { kill(pid_, SIGCONT); }

  // Sends one command ("SET a b", words by blanks) on a plain connection and returns what came
  // back, at least one line.
  std::string Tell(std::string_view words) const {
    const int fd = Connect();
    if (fd < 0) {
      return "";
    }
    std::string line(words);
    line += "\r\n";
    std::string answer;
    if (send(fd, line.data(), line.size(), MSG_NOSIGNAL) > 0) {
      answer.resize(64 * 1024);
      const ssize_t got = recv(fd, answer.data(), answer.size(), 0);
      answer.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    }
    close(fd);
    return answer;
  }

  static std::uint16_t FreePort() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof address;
    bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    close(fd);
    return ntohs(address.sin_port);
  }

 private:
  static constexpr const char* kProgram = "/usr/bin/redis-server";

  static sockaddr_in Loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  int Connect() const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(port_);
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(fd);
      return -1;
    }
    return fd;
  }
  // With TLS a connection that is taken has to do.
  bool Answers() const {
    if (tls_files_.empty()) {
      const std::string answer = Tell("PING");
      return !answer.empty() && !answer.starts_with("-LOADING");
    }
    const int fd = Connect();
    close(fd);
    return fd >= 0;
  }
  [[noreturn]] void Execute() const {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    const std::string port = std::to_string(port_);
    std::vector<std::string> words{kProgram, "--bind", "127.0.0.1",    "--dir", directory_,
                                   "--save", "",       "--appendonly", "no"};
    if (tls_files_.empty()) {
      words.insert(words.end(), {"--port", port});
    } else {
      words.insert(words.end(),
                   {"--port", "0", "--tls-port", port, "--tls-auth-clients", "no",
                    "--tls-cert-file", tls_files_[0], "--tls-key-file", tls_files_[1]});
    }
    words.insert(words.end(), options_.begin(), options_.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    execv(kProgram, argv.data());
    _exit(127);
  }

  std::vector<std::string> options_;
  std::vector<std::string> tls_files_;
  std::string directory_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace signalbox::store
