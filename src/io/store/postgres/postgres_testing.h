// A PostgreSQL server of a test's own: on a Unix socket in a directory that goes with it, without
// care for what would be lost with the machine.
//
// Owner:   the test; Shared() is one for all tests of a program. Threads: one.
// Errors:  null when PostgreSQL is not installed or does not start; says so.
#pragma once

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::store {

class PostgresServer {
 public:
  // `settings` as "max_connections=20"; `programs` is the folder of its programs, with a / behind.
  static std::unique_ptr<PostgresServer> Start(std::vector<std::string> settings = {},
                                               const std::string& programs = Programs()) {
    if (programs.empty()) {
      std::printf("skipped: PostgreSQL is not installed (postgresql-15)\n");
      return nullptr;
    }
    std::unique_ptr<PostgresServer> server(new PostgresServer(programs, std::move(settings)));
    if (!server->Initialize() || !server->Launch()) {
      std::printf("skipped: PostgreSQL does not start; see %s\n", server->directory_.c_str());
      server->keep_ = true;
      return nullptr;
    }
    return server;
  }
  static PostgresServer* Shared() {
    static const std::unique_ptr<PostgresServer> server = Start();
    return server.get();
  }
  ~PostgresServer() {
    Stop(SIGQUIT);
    if (!keep_) {
      std::error_code ignored;
      std::filesystem::remove_all(directory_, ignored);
    }
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  std::string address() const { return "host=" + directory_ + " user=signalbox dbname=postgres"; }
  // A name for a schema that no other test has.
  static std::string NewSchema() {
    static std::atomic<int> next = 0;
    return "test_" + std::to_string(next++);
  }

  // SIGQUIT: at once, as after a crash (pg_ctl stop -m immediate). SIGINT: breaks everybody off.
  void Stop(int signal) {
    if (pid_ > 0) {
      kill(pid_, SIGCONT);
      kill(pid_, signal);
      waitpid(pid_, nullptr, 0);
      pid_ = 0;
    }
  }
  bool Restart(int signal) {
    Stop(signal);
    return Launch();
  }
  // The server's own process and those of its connections stand still.
  void Freeze() { SignalAll(SIGSTOP); }
  void Thaw() { SignalAll(SIGCONT); }

 private:
  PostgresServer(std::string programs, std::vector<std::string> settings)
      : programs_(std::move(programs)), settings_(std::move(settings)) {
    directory_ = (std::filesystem::temp_directory_path() / "postgres-XXXXXX").string();
    if (mkdtemp(directory_.data()) == nullptr) {
      directory_.clear();
    }
    if (geteuid() == 0) {  // which PostgreSQL refuses to be
      const passwd* user = getpwnam("postgres");
      user = user == nullptr ? getpwnam("nobody") : user;
      user_ = user == nullptr ? 0 : user->pw_uid;
      group_ = user == nullptr ? 0 : user->pw_gid;
      if (chown(directory_.c_str(), user_, group_) != 0) {
        user_ = 0;
      }
    }
  }

  static std::string Programs() {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
      if (std::filesystem::exists(entry.path() / "bin/postgres")) {
        found.push_back(entry.path().string() + "/bin/");
      }
    }
    return found.empty() ? std::string() : *std::ranges::max_element(found);
  }

  pid_t Spawn(std::vector<std::string> words) const {
    std::vector<char*> arguments;
    for (std::string& word : words) {
      arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child != 0) {
      return child;
    }
    const int log = open((directory_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    dup2(log, 1);
    dup2(log, 2);
    if (user_ != 0 && (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0)) {
      _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (getppid() != parent || chdir(directory_.c_str()) != 0) {
      _exit(126);
    }
    execv(arguments[0], arguments.data());
    _exit(127);
  }

  bool Initialize() const {
    const pid_t child =
        Spawn({programs_ + "initdb", "-D", directory_ + "/data", "-U", "signalbox", "-A", "trust",
               "-E", "UTF8", "--locale=C", "-N", "--no-instructions"});
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
  }

  bool Launch() {
    std::vector<std::string> words = {
        programs_ + "postgres", "-D", directory_ + "/data", "-k", directory_,           "-c",
        "listen_addresses=",    "-c", "fsync=off",          "-c", "shared_buffers=64MB"};
    for (const std::string& setting : settings_) {
      words.insert(words.end(), {"-c", setting});
    }
    pid_ = Spawn(words);
    for (int tries = 0; tries < 3000; ++tries) {
      if (PQping(address().c_str()) == PQPING_OK) {
        return true;
      }
      if (waitpid(pid_, nullptr, WNOHANG) != 0) {
        pid_ = 0;
        return false;
      }
      usleep(10'000);
    }
    return false;
  }

  void SignalAll(int signal) const {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename();
      std::FILE* file = std::fopen((entry.path() / "stat").c_str(), "r");
      int process = 0;
      int parent = 0;
      if (file != nullptr && std::fscanf(file, "%d (%*[^)]) %*c %d", &process, &parent) == 2 &&
          (parent == pid_ || process == pid_)) {
        kill(process, signal);
      }
      if (file != nullptr) {
        std::fclose(file);
      }
    }
  }

  const std::string programs_;
  const std::vector<std::string> settings_;
  std::string directory_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  pid_t pid_ = 0;
  bool keep_ = false;
};

}  // namespace signalbox::store
