#include "io/net/systemd.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

namespace signalbox::net {
namespace {

constexpr int kFirstDescriptor = 3;

int NumberIn(const config::Environment& environment, std::string_view name) {
  const auto text = environment.Find(name).value_or("");
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool Listens(int descriptor) {
  int listens = 0;
  socklen_t size = sizeof listens;
  return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
}

}  // namespace

std::vector<Socket> SystemdListeners(const config::Environment& environment) {
  std::vector<Socket> sockets;
  if (NumberIn(environment, "LISTEN_PID") != getpid()) {
    return sockets;
  }
  for (int i = 0; i < NumberIn(environment, "LISTEN_FDS"); ++i) {
    const int descriptor = kFirstDescriptor + i;
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    if (Listens(descriptor)) {
      const int on = 1;
      fcntl(descriptor, F_SETFL, O_NONBLOCK);
      setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // for those accepted
      sockets.emplace_back(descriptor);
    }
  }
  return sockets;
}

void NotifySystemd(const config::Environment& environment, std::string_view state) {
  const auto path = environment.Find("NOTIFY_SOCKET").value_or("");
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return;
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (address.sun_path[0] == '@') {
    address.sun_path[0] = '\0';  // a name without a file
  }
  const Socket socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  sendto(socket.fd(), state.data(), state.size(), MSG_NOSIGNAL,
         reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace signalbox::net
