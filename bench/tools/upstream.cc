// bench_upstream: a mock of OpenAI's Chat Completions or Anthropic's Messages, cheap enough to
// share a core with the load generator. Prints `listening on 127.0.0.1:PORT` and serves until it is
// ended.
#include <cstdio>

#include "flags.h"
#include "sockets.h"
#include "upstream_server.h"

int main(int argc, char** argv) {
  using namespace signalbox::bench;
  Flags flags(argc, argv, 1,
              {{"listen", "127.0.0.1:0"},
               {"dialect", "openai"},
               {"answer-bytes", "600"},
               {"tokens", "100"},
               {"tokens-per-second", "50"}});
  RaiseDescriptorLimit(4096);
  SharpenTimers();
  UpstreamServer server(
      {.listen = ParseEndpoint(flags.Text("listen")),
       .dialect = flags.Text("dialect") == "anthropic" ? Dialect::kAnthropic : Dialect::kOpenAi,
       .answer_bytes = static_cast<std::size_t>(flags.Integer("answer-bytes")),
       .tokens = flags.Integer("tokens"),
       .tokens_per_second = flags.Number("tokens-per-second")});
  std::printf("listening on 127.0.0.1:%u\n", server.port());
  std::fflush(stdout);
  server.Serve();
}
