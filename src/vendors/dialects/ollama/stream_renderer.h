// Canonical events into Ollama's lines: a batch in, a line out.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
//
// Calls are held until their arguments are whole, the reason and the usage until the end. Of
// several choices the first one speaks.
#pragma once

#include <string>
#include <vector>

#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/ollama/frame.h"

namespace signalbox::ollama {

class StreamRenderer final : public wire::StreamRenderer {
 public:
  // `own`: the events came in this dialect, so that its extras go out too.
  StreamRenderer(Form form, bool own) : form_(form), own_(own) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  struct OpenCall {
    std::int64_t call = 0;
    chat::Part part;
  };

  void TakeOne(const chat::Event& event, std::string& out);
  void TakeStart(const chat::StreamStart& start);
  void TakeCall(const chat::ToolCallStart& start);
  void CloseCall(std::int64_t call);
  void CloseCalls();
  void TakeUnknown(const chat::UnknownMember& unknown);
  void TakeWhole(const chat::Part& part);
  void Flush(std::string& out);
  void Finish(std::string& out);
  void WriteLine(Frame& frame, std::string& out);

  Form form_;
  bool own_;
  bool ended_ = false;
  std::string model_;
  chat::RawJson created_at_;
  Frame line_;  // what the batch has said so far
  Frame last_;  // what the last line will say
  std::vector<OpenCall> calls_;
};

}  // namespace signalbox::ollama
