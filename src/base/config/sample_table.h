// A small root table for tests and the fuzz target: one option of every kind, sections in sections,
// named entries, a required key and secrets.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config/table.h"

namespace signalbox::config::sample {

using namespace std::chrono_literals;

enum class Tier : std::uint8_t { kLow, kMedium, kHigh };

struct Limits {
  ByteSize head = KiB(64);
  std::uint16_t fields = 100;
  std::optional<ByteSize> body;
};

struct Server {
  HostPort listen{"127.0.0.1", 8080};
  std::optional<HostPort> metrics;
  int workers = 0;
  std::chrono::milliseconds drain = 30s;
  bool access_log = false;
  Limits limits;
};

struct Provider {
  std::string type = "openai";
  Url base_url;
  Secret key;
  bool local = false;
  std::chrono::seconds timeout = 10min;
};

struct Model {
  std::vector<std::string> targets;
  double weight = 1.0;
};

struct Routing {
  bool enabled = true;
  double percentage = 100;
  Tier floor = Tier::kLow;
  std::int64_t offset = 0;
  std::uint64_t seed = 0;
  std::optional<Url> store;  // may hold a password
};

struct Root {
  std::string data = "./data";
  Server server;
  std::map<std::string, Provider, std::less<>> providers;
  std::map<std::string, Model, std::less<>> models;
  Routing routing;
};

inline const Table<Limits>& LimitsTable() {
  static const auto table =
      Table<Limits>("limits", "How large a request may be.")
          .Add("head", &Limits::head,
               {.doc = "Bytes of a request's head.", .min = KiB(1), .max = MiB(1)})
          .Add("fields", &Limits::fields,
               {.doc = "Fields of a head.", .unit = "fields", .min = 1, .restart = true})
          .Add("body", &Limits::body, {.doc = "Bytes of a body; not set: no limit."});
  return table;
}

inline const Table<Server>& ServerTable() {
  static const auto table =
      Table<Server>("server", "How clients reach Signalbox.")
          .Add("listen", &Server::listen, {.doc = "Address and port.", .restart = true})
          .Add("metrics", &Server::metrics,
               {.doc = "A port of its own for /metrics.", .restart = true})
          .Add("workers", &Server::workers,
               {.doc = "Event loops.",
                .min = 1,
                .max = 256,
                .names = {{"auto", 0}},
                .restart = true})
          .Add("drain", &Server::drain,
               {.doc = "How long open requests may go on at the end.", .min = 1s, .max = 1h})
          .Add("access_log", &Server::access_log, {.doc = "A line per request.", .restart = true})
          .Sub("limits", &Server::limits, LimitsTable());
  return table;
}

inline const Table<Provider>& ProviderTable() {
  static const auto table =
      Table<Provider>("provider", "An upstream.")
          .Add("type", &Provider::type,
               {.doc = "What it is.", .min = 1, .max = 40, .restart = true})
          .Add("base_url", &Provider::base_url,
               {.doc = "Where it is.", .required = true, .restart = true})
          .Add("key", &Provider::key, {.doc = "Its key | none.", .max = 200, .restart = true})
          .Add("local", &Provider::local, {.doc = "On this machine.", .restart = true})
          .Add("timeout", &Provider::timeout,
               {.doc = "In all.", .min = 1s, .max = 7 * 24h, .restart = true});
  return table;
}

inline const Table<Model>& ModelTable() {
  static const auto table = Table<Model>("model", "A name for targets.")
                                .Add("targets", &Model::targets,
                                     {.doc = "In order.", .min = 1, .max = 8, .restart = true})
                                .Add("weight", &Model::weight,
                                     {.doc = "Its share.", .min = 0, .max = 1, .restart = true});
  return table;
}

inline const Table<Routing>& RoutingTable() {
  static const auto table =
      Table<Routing>("routing", "Which model answers.")
          .Add("enabled", &Routing::enabled, {.doc = "Off: as asked.", .restart = true})
          .Add("percentage", &Routing::percentage,
               {.doc = "Share.", .unit = "percent", .min = 0, .max = 100})
          .Add("floor", &Routing::floor,
               {.doc = "At least.",
                .names = {{"low", Tier::kLow}, {"medium", Tier::kMedium}, {"high", Tier::kHigh}},
                .restart = true})
          .Add("offset", &Routing::offset, {.doc = "Any whole number.", .restart = true})
          .Add("seed", &Routing::seed, {.doc = "Of the draws.", .restart = true})
          .Add("store", &Routing::store,
               {.doc = "Shared state.",
                .schemes = {"redis", "rediss"},
                .restart = true,
                .secret = true});
  return table;
}

inline const Table<Root>& RootTable() {
  static const auto table =
      Table<Root>("signalbox", "A sample.")
          .Add("data", &Root::data, {.doc = "Where files go.", .restart = true})
          .Sub("server", &Root::server, ServerTable())
          .Map("providers", &Root::providers, ProviderTable(),
               {.doc = "Upstreams by name.", .restart = true})
          .Map("models", &Root::models, ModelTable(),
               {.doc = "Names for targets.", .restart = true})
          .Sub("routing", &Root::routing, RoutingTable());
  return table;
}

}  // namespace signalbox::config::sample
