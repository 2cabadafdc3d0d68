// Whether a server can be reached at all, and what to do when it cannot.
//
// Owner:   the command that looks, with a loop of its own. Threads: the loop's.
// Errors:  those of net::Client, which name the step (look-up, connect, certificate).
// Cancel:  the deadline's.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/async/task.h"
#include "io/net/certificate.h"
#include "io/net/client.h"
#include "surface/cli/doctor_report.h"

namespace signalbox::cli {

struct Reached {
  std::chrono::nanoseconds took{0};             // look-up, connect and handshake
  std::optional<net::Certificate> certificate;  // of TLS
};

// Connects to `origin` and hangs up. `tls` is null for plain connections.
async::Task<core::Result<Reached>> Reach(async::Loop* loop, net::Resolver* resolver,
                                         const net::TlsContext* tls, net::Origin origin,
                                         async::Deadline deadline);

// What to do about a server that was not reached. `address` and `ca` say where its URL and the file
// with its authorities are set: "providers.edge.base_url", "--deployment".
std::string AdviceAfter(const core::Error& error, std::string_view address, std::string_view ca);

// What is to be said of a certificate at `now`: state, until when, and what to do.
Finding JudgeCertificate(const net::Certificate& certificate, core::WallTime now);

// "35 ms", "1.2 s"
std::string TimeText(std::chrono::nanoseconds time);
// "2026-11-21"
std::string DayOf(core::WallTime time);

}  // namespace signalbox::cli
