#include "io/net/systemd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>

#include "io/net/listener.h"

namespace signalbox::net {
namespace {

config::Environment With(config::Environment::Variables variables) {
  return config::Environment(std::move(variables));
}

std::string OwnPid() {
  return std::to_string(getpid());
}

// Where systemd puts the first socket: descriptor 3, whatever this process has there.
class ThirdDescriptor {
 public:
  explicit ThirdDescriptor(int descriptor) : kept_(fcntl(3, F_DUPFD_CLOEXEC, 10)) {
    dup2(descriptor, 3);
  }
  ~ThirdDescriptor() {
    if (kept_ >= 0) {
      dup2(kept_, 3);
      close(kept_);
    }
  }
  ThirdDescriptor(const ThirdDescriptor&) = delete;
  ThirdDescriptor& operator=(const ThirdDescriptor&) = delete;

 private:
  int kept_;
};

int FlagOf(const Socket& socket, int level, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  getsockopt(socket.fd(), level, option, &value, &size);
  return value;
}

TEST(SystemdListeners, AreThoseOfThisProcess) {
  const auto own = *Listen({"127.0.0.1", 0}, 1);
  const ThirdDescriptor third(own[0].fd());
  const auto found = SystemdListeners(With({{"LISTEN_PID", OwnPid()}, {"LISTEN_FDS", "1"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(LocalPort(found[0]), LocalPort(own[0]));
}

TEST(SystemdListeners, AreMadeReadyToServeAndKeptFromChildren) {
  Socket plain(::socket(AF_INET, SOCK_STREAM, 0));
  ASSERT_EQ(listen(plain.fd(), 1), 0);
  const ThirdDescriptor third(plain.fd());
  const auto found = SystemdListeners(With({{"LISTEN_PID", OwnPid()}, {"LISTEN_FDS", "1"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(fcntl(found[0].fd(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(found[0].fd(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(FlagOf(found[0], IPPROTO_TCP, TCP_NODELAY), 0);
}

TEST(SystemdListeners, OfAnotherProcessAreLeftAlone) {
  const auto own = *Listen({"127.0.0.1", 0}, 1);
  const ThirdDescriptor third(own[0].fd());
  const std::string other = std::to_string(getppid());
  EXPECT_TRUE(SystemdListeners(With({{"LISTEN_PID", other}, {"LISTEN_FDS", "1"}})).empty());
  EXPECT_TRUE(SystemdListeners(With({{"LISTEN_FDS", "1"}})).empty());
  EXPECT_TRUE(SystemdListeners(With({{"LISTEN_PID", "many"}, {"LISTEN_FDS", "1"}})).empty());
  EXPECT_TRUE(SystemdListeners(With({{"LISTEN_PID", OwnPid()}})).empty());
  EXPECT_NE(fcntl(3, F_GETFD), -1) << "it was closed";
}

TEST(SystemdListeners, DoNotIncludeWhatDoesNotListen) {
  const Socket connected(::socket(AF_INET, SOCK_STREAM, 0));
  const ThirdDescriptor third(connected.fd());
  EXPECT_TRUE(SystemdListeners(With({{"LISTEN_PID", OwnPid()}, {"LISTEN_FDS", "1"}})).empty());
}

// A service manager that listens to what its services say.
class Manager {
 public:
  explicit Manager(std::string name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    bound_ = bind(socket_.fd(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
  }
  bool bound() const { return bound_; }
  std::string Heard() const {
    std::array<char, 256> text{};
    const ssize_t size = recv(socket_.fd(), text.data(), text.size(), MSG_DONTWAIT);
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  }

 private:
  Socket socket_;
  bool bound_ = false;
};

TEST(NotifySystemd, ReachesASocketWithAFile) {
  const std::string path = testing::TempDir() + "notify-" + OwnPid();
  const Manager manager(path);
  ASSERT_TRUE(manager.bound());
  NotifySystemd(With({{"NOTIFY_SOCKET", path}}), "READY=1\nMAINPID=7");
  EXPECT_EQ(manager.Heard(), "READY=1\nMAINPID=7");
  unlink(path.c_str());
}

TEST(NotifySystemd, ReachesASocketWithANameAlone) {
  const std::string name = "signalbox-test-" + OwnPid();
  const Manager manager('\0' + name);
  ASSERT_TRUE(manager.bound());
  NotifySystemd(With({{"NOTIFY_SOCKET", "@" + name}}), "STOPPING=1");
  EXPECT_EQ(manager.Heard(), "STOPPING=1");
}

TEST(NotifySystemd, SaysNothingWhereNobodyListens) {
  NotifySystemd(With({}), "READY=1");
  NotifySystemd(With({{"NOTIFY_SOCKET", "/no/such/socket"}}), "READY=1");
  NotifySystemd(With({{"NOTIFY_SOCKET", std::string(200, 'x')}}), "READY=1");
}

}  // namespace
}  // namespace signalbox::net
