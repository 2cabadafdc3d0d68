#include "io/net/server_options.h"

#include "io/net/http_head.h"

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;

const config::Table<ServerTimeouts>& TimeoutsTable() {
  static const auto table =
      config::Table<ServerTimeouts>("timeouts", "How long a client may take.")
          .Add("header", &ServerTimeouts::header,
               {.doc = "From the first byte of a request to the end of its head.",
                .min = 10ms,
                .max = 10min})
          .Add("body", &ServerTimeouts::body,
               {.doc = "For a request's body, with one second more per 4 KiB received.",
                .min = 10ms,
                .max = 1h})
          .Add("idle", &ServerTimeouts::idle,
               {.doc = "A connection without a request is kept.", .min = 10ms, .max = 24h})
          .Add("write", &ServerTimeouts::write,
               {.doc = "A client may take nothing of its answer.", .min = 10ms, .max = 1h});
  return table;
}

const config::Table<ServerLimits>& LimitsTable() {
  static const auto table =
      config::Table<ServerLimits>("limits", "How much a client may send.")
          .Add("header_bytes", &ServerLimits::header_bytes,
               {.doc = "Request line and fields together.",
                .min = config::KiB(1),
                .max = config::MiB(1)})
          .Add("header_fields", &ServerLimits::header_fields,
               {.doc = "Fields of a request.", .unit = "fields", .min = 8, .max = kMaxFields})
          .Add("target_bytes", &ServerLimits::target_bytes,
               {.doc = "The request target.", .min = config::ByteSize{64}, .max = config::KiB(64)})
          .Add("body_bytes", &ServerLimits::body_bytes,
               {.doc = "A request's body, before and after decompression.",
                .min = config::KiB(1),
                .max = config::GiB(2)})
          .Add("held_bytes", &ServerLimits::held_bytes,
               {.doc = "Of a form with a file (transcriptions), what is held until its model is "
                       "known: a file longer than that must not stand before the model.",
                .min = config::KiB(16),
                .max = config::GiB(1)})
          .Add("connections", &ServerLimits::connections,
               {.doc = "Open connections per worker; more are closed at once.",
                .unit = "connections",
                .min = 1,
                .max = 1'000'000});
  return table;
}

const config::Table<ServerTls>& TlsTable() {
  static const auto table =
      config::Table<ServerTls>("tls", "TLS towards clients; off without a certificate.")
          .Add("cert", &ServerTls::cert, {.doc = "PEM file with the certificate chain."})
          .Add("key", &ServerTls::key, {.doc = "PEM file with its private key."});
  return table;
}

}  // namespace

const config::Table<ServerOptions>& ServerTable() {
  static const auto table =
      config::Table<ServerOptions>("server", "How clients reach Signalbox.")
          .Add("listen", &ServerOptions::listen,
               {.doc = "Address and port; port 0 takes a free one. Without a credential only "
                       "loopback addresses are allowed.",
                .restart = true})
          .Add("workers", &ServerOptions::workers,
               {.doc = "Event loops, each with a thread and connections of its own.",
                .min = 1,
                .max = 256,
                .names = {{"auto", 0}},
                .restart = true})
          .Add("metrics", &ServerOptions::metrics,
               {.doc = "Address and port for /metrics alone; PROMETHEUS_PORT in the environment "
                       "means this port on 127.0.0.1.",
                .restart = true})
          .Add("grace", &ServerOptions::grace,
               {.doc = "At the end, how long new requests are still taken after /readyz has begun "
                       "to say no, for load balancers to notice.",
                .min = 0s,
                .max = 10min})
          .Add("drain", &ServerOptions::drain,
               {.doc = "At the end, how long running requests may go on.", .min = 0s, .max = 1h})
          .Sub("timeouts", &ServerOptions::timeouts, TimeoutsTable())
          .Sub("limits", &ServerOptions::limits, LimitsTable())
          .Sub("tls", &ServerOptions::tls, TlsTable())
          .Instead("port", "host and port are one key: listen: \"127.0.0.1:8080\"")
          .Instead("host", "host and port are one key: listen: \"127.0.0.1:8080\"");
  return table;
}

}  // namespace signalbox::net
