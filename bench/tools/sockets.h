// Thin wrappers over Linux sockets for the benchmark's programs. Loopback and IPv4 only: every
// function refuses an address outside 127.0.0.0/8, so a slip cannot load somebody else's server.
//
// Errors:  what stops a benchmark (bind, socket, epoll) ends the program with a sentence.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "clock.h"

namespace signalbox::bench {

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};

// Reads "127.0.0.1:8080".
Endpoint ParseEndpoint(std::string_view text);

// A listening, non-blocking socket; port 0 lets the kernel choose.
int Listen(const Endpoint& endpoint);
std::uint16_t LocalPort(int fd);

// The next waiting connection, non-blocking and without delay; -1 when there is none.
int Accept(int listener);

// A connected non-blocking socket with TCP_NODELAY, or -1 when the peer refuses.
int Connect(const Endpoint& endpoint);

void SetBlocking(int fd);

int NewEpoll();
void Watch(int epoll, int fd, std::uint32_t events, std::uint64_t tag);
void Rewatch(int epoll, int fd, std::uint32_t events, std::uint64_t tag);

// Waits for events until `deadline` (monotonic, with nanosecond timers); returns how many.
int WaitUntil(int epoll, epoll_event* events, int capacity, Nanos deadline);

// Lets the process open as many descriptors as the system allows, at least `wanted`.
void RaiseDescriptorLimit(std::uint64_t wanted);

// Timers as precise as the kernel can (slack of 1 ns instead of 50 µs).
void SharpenTimers();

}  // namespace signalbox::bench
