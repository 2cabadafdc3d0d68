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

std::string Padded(const std::string& head, const std::string& tail, std::size_t wanted) {
  std::string content = "A signal box holds the levers that set the points.";
  std::size_t fixed = head.size() + tail.size();
  while (fixed + content.size() < wanted) content += " Every lever is locked by the others.";
  return head + content + tail;
}

std::string MessageBody(std::size_t wanted) {
  return Padded(R"({"id":"msg_01XbN2aPz5TqLrM8vK","type":"message","role":"assistant",)"
                R"("model":"claude-sonnet-4-5-20250929","content":[{"type":"text","text":")",
                R"("}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":28,)"
                R"("cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":19,)"
                R"("service_tier":"standard"}})",
                wanted);
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
  return Padded(head, tail, wanted);
}

std::string NamedEvent(std::string_view type, std::string_view json) {
  return "event: " + std::string(type) + "\ndata: " + std::string(json) + "\n\n";
}

// What opens an Anthropic stream before its first text.
std::string MessageStart() {
  return Chunk(
      NamedEvent("message_start",
                 R"({"type":"message_start","message":{"id":"msg_01XbN2aPz5TqLrM8vK",)"
                 R"("type":"message","role":"assistant","content":[],)"
                 R"("model":"claude-sonnet-4-5-20250929","stop_reason":null,)"
                 R"("stop_sequence":null,"usage":{"input_tokens":28,"output_tokens":1}}})") +
      NamedEvent("content_block_start", R"({"type":"content_block_start","index":0,)"
                                        R"("content_block":{"type":"text","text":""}})"));
}

std::string MessageFrame() {
  return Chunk(NamedEvent("content_block_delta",
                          R"({"type":"content_block_delta","index":0,)"
                          R"("delta":{"type":"text_delta","text":" lever"}})"));
}

std::string MessageEnd(std::int64_t tokens) {
  return Chunk(NamedEvent("content_block_stop", R"({"type":"content_block_stop","index":0})")) +
         Chunk(NamedEvent("message_delta",
                          R"({"type":"message_delta","delta":{"stop_reason":"end_turn",)"
                          R"("stop_sequence":null},"usage":{"output_tokens":)" +
                              std::to_string(tokens) + "}}") +
               NamedEvent("message_stop", R"({"type":"message_stop"})")) +
         "0\r\n\r\n";
}

std::string ChatFrame() {
  return Chunk(Event(std::string(kChunkStart) +
                     R"(,"system_fingerprint":"fp_0000000000000000","choices":[{"index":0,)"
                     R"("delta":{"content":" lever"},"logprobs":null,"finish_reason":null}]})"));
}

void PutHex(char* to, std::uint64_t value) {
  for (int digit = 15; digit >= 0; --digit, value >>= 4) to[digit] = "0123456789abcdef"[value & 15];
}

}  // namespace

Answers::Answers(Dialect dialect, std::size_t answer_bytes)
    : dialect_(dialect),
      plain_(WithHead(dialect == Dialect::kOpenAi ? PlainBody(answer_bytes)
                                                  : MessageBody(answer_bytes))),
      models_(WithHead(R"({"object":"list","data":[{"id":"gpt-4o-mini","object":"model"}]})")),
      stream_head_(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
          "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"),
      frame_(dialect == Dialect::kOpenAi ? ChatFrame() : MessageFrame()),
      stamp_at_(frame_.find("fp_") + 3) {
  if (dialect == Dialect::kAnthropic) stream_head_ += MessageStart();
}

std::string_view Answers::Frame(Nanos stamp) {
  if (dialect_ == Dialect::kOpenAi) {
    PutHex(frame_.data() + stamp_at_, static_cast<std::uint64_t>(stamp));
  }
  return frame_;
}

std::string_view Answers::StreamEnd(std::int64_t tokens, bool with_usage) {
  if (dialect_ == Dialect::kAnthropic) {
    end_ = MessageEnd(tokens);
    return end_;
  }
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
