// Streams of the simple form, both ways.
//
// Owner: one of each per stream. Threads: none of their own.
// Errors: kUpstreamProtocol for data that is no JSON object. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>

#include "base/json/document.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::simple {

class StreamParser final : public wire::SseParser {
 protected:
  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;

 private:
  json::Document document_;
  bool started_ = false;
};

// Text goes out as it comes; the model, usage and facts wait for the last frame.
class StreamRenderer final : public wire::StreamRenderer {
 public:
  explicit StreamRenderer(bool own) : own_(own) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  void Take(const chat::UsageReport& usage);
  void RenderMarks(std::span<const chat::Event> events, std::string& out);
  void RenderEnd(std::string& out);

  bool own_;
  std::string model_;
  std::optional<chat::UsageReport> usage_;
  chat::Extra extra_;  // facts, or what came in this dialect
};

}  // namespace signalbox::simple
