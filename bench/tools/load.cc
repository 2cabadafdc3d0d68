// bench_load MODE --flags: the load generator. Prints one JSON object.
#include <cstdio>
#include <fstream>
#include <map>

#include "flags.h"
#include "modes.h"
#include "prompt.h"

namespace signalbox::bench {
namespace {

const std::map<std::string, std::string> kDefaults = {{"target", "127.0.0.1:8080"},
                                                      {"path", "/v1/chat/completions"},
                                                      {"model", "gpt-4o-mini"},
                                                      {"headers", ""},
                                                      {"body-file", ""},
                                                      {"body-bytes", "0"},
                                                      {"credentials-file", ""},
                                                      {"unique", "0"},
                                                      {"connections", "32"},
                                                      {"seconds", "3"},
                                                      {"requests", "0"},
                                                      {"rate", "1000"},
                                                      {"tokens", "100"},
                                                      {"tokens-per-second", "50"},
                                                      {"ramp-seconds", "1"},
                                                      {"hold-seconds", "1"}};

Nanos Duration(const Flags& flags, std::string_view name) {
  return static_cast<Nanos>(flags.Number(name) * 1e9);
}

std::vector<std::string> ReadLines(const std::string& name) {
  std::vector<std::string> lines;
  if (name.empty()) return lines;
  std::ifstream file(name);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) Fail("no credentials in " + name);
  return lines;
}

LoadOptions ReadOptions(const Flags& flags, bool streams) {
  LoadOptions options{.target = ParseEndpoint(flags.Text("target")),
                      .request = {},
                      .credentials = ReadLines(flags.Text("credentials-file")),
                      .unique = flags.Integer("unique") != 0,
                      .connections = flags.Integer("connections"),
                      .duration = Duration(flags, "seconds"),
                      .requests = flags.Integer("requests"),
                      .rate = flags.Number("rate"),
                      .tokens = flags.Integer("tokens"),
                      .tokens_per_second = flags.Number("tokens-per-second"),
                      .ramp = Duration(flags, "ramp-seconds"),
                      .hold = Duration(flags, "hold-seconds")};
  if (options.connections < 1 || options.duration > 600 * kSecond) {
    Fail("wants at least one connection and at most 600 seconds");
  }
  options.request =
      BuildRequest({.host = flags.Text("target"),
                    .path = flags.Text("path"),
                    .model = flags.Text("model"),
                    .headers = flags.Text("headers"),
                    .body_file = flags.Text("body-file"),
                    .body_bytes = static_cast<std::size_t>(flags.Integer("body-bytes")),
                    .stream_tokens = streams ? options.tokens : 0,
                    .marked = options.unique});
  return options;
}

}  // namespace
}  // namespace signalbox::bench

int main(int argc, char** argv) {
  using namespace signalbox::bench;
  const std::map<std::string_view, Result (*)(const LoadOptions&)> modes = {{"closed", RunClosed},
                                                                            {"open", RunOpen},
                                                                            {"latency", RunLatency},
                                                                            {"streams", RunStreams},
                                                                            {"bodies", RunBodies}};
  auto mode = argc > 1 ? modes.find(argv[1]) : modes.end();
  if (mode == modes.end())
    Fail("usage: bench_load closed|open|latency|streams|bodies [--flag value]");
  Flags flags(argc, argv, 2, kDefaults);
  LoadOptions options = ReadOptions(flags, mode->first == "streams");
  RaiseDescriptorLimit(static_cast<std::uint64_t>(options.connections) + 64);
  SharpenTimers();
  std::printf("%s\n", mode->second(options).Json().c_str());
}
