#include "upstream_answers.h"

#include <cstdio>

namespace signalbox::bench {
namespace {

constexpr std::string_view kChunkStart =
    R"({"id":"chatcmpl-CWn4bzqK2mVx81YtLrPd","object":"chat.completion.chunk",)"
    R"("created":1763673600,"model":"gpt-4o-mini-2024-07-18")";

std::string WithHead(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nx-request-id: req_bench\r\n\r\n" + std::string(body);
}

std::string Event(std::string_view json) {
  return "data: " + std::string(json) + "\n\n";
}

std::string Chunk(std::string_view data) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + std::string(data) + "\r\n";
}

std::string PlainBody(std::size_t wanted) {
  std::string head =
      R"({"id":"chatcmpl-CWn4bzqK2mVx81YtLrPd","object":"chat.completion","created":1763673600,)"
      R"("model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant",)"
      R"("content":")";
  std::string tail =
      R"(","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":28,"completion_tokens":19,"total_tokens":47,)"
      R"("prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},)"
      R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},)"
      R"("service_tier":"default","system_fingerprint":"fp_44f3c1a20d"})";
  std::string content = "A signal box holds the levers that set the points.";
  std::size_t fixed = head.size() + tail.size();
  while (fixed + content.size() < wanted) content += " Every lever is locked by the others.";
  return head + content + tail;
}

void PutHex(char* to, std::uint64_t value) {
  for (int digit = 15; digit >= 0; --digit, value >>= 4) to[digit] = "0123456789abcdef"[value & 15];
}

}  // namespace

Answers::Answers(std::size_t answer_bytes)
    : plain_(WithHead(PlainBody(answer_bytes))),
      models_(WithHead(R"({"object":"list","data":[{"id":"gpt-4o-mini","object":"model"}]})")),
      stream_head_(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
          "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"),
      frame_(
          Chunk(Event(std::string(kChunkStart) +
                      R"(,"system_fingerprint":"fp_0000000000000000","choices":[{"index":0,)"
                      R"("delta":{"content":" lever"},"logprobs":null,"finish_reason":null}]})"))),
      stamp_at_(frame_.find("fp_") + 3) {}

std::string_view Answers::Frame(Nanos stamp) {
  PutHex(frame_.data() + stamp_at_, static_cast<std::uint64_t>(stamp));
  return frame_;
}

std::string_view Answers::StreamEnd(std::int64_t tokens, bool with_usage) {
  std::string start(kChunkStart);
  end_ = Chunk(Event(
      start + R"(,"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]})"));
  if (with_usage) {
    std::string count = std::to_string(tokens);
    end_ +=
        Chunk(Event(start + R"(,"choices":[],"usage":{"prompt_tokens":28,"completion_tokens":)" +
                    count + R"(,"total_tokens":)" + std::to_string(tokens + 28) + "}}"));
  }
  end_ += Chunk(Event("[DONE]")) + "0\r\n\r\n";
  return end_;
}

}  // namespace signalbox::bench
