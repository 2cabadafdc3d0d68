// The frames of a stream, as text.
#include "vendors/dialects/gemini/errors.h"
#include "vendors/dialects/gemini/grounding.h"
#include "vendors/dialects/gemini/stream_renderer.h"
#include "vendors/dialects/gemini/stream_text.h"
#include "vendors/dialects/gemini/usage_form.h"

namespace signalbox::gemini {
namespace {

// Arguments and other values that go out as they came may be written on several lines, at which a
// frame would end. In JSON a line breaks between values only.
void PutOnOneLine(std::string& out, std::size_t start) {
  for (const char end : {'\n', '\r'}) {
    for (std::size_t at = out.find(end, start); at != out.npos; at = out.find(end, at + 1)) {
      out[at] = ' ';
    }
  }
}

}  // namespace

// Whether what waits for the end of the answer is to be told now.
bool StreamRenderer::Due() const {
  return own_ || ending_ || usage_now_;
}

// Whether it told the finish.
bool StreamRenderer::WriteCandidate(Choice& choice, std::string& out) {
  const bool finishes = !choice.finish.empty() && Due();
  if (choice.parts.empty() && !finishes && !choice.told) {
    return false;
  }
  out += out.empty() ? R"({"candidates":[{)" : ",{";
  if (!own_ && choice.parts.empty()) {
    AppendTextPart({}, false, {}, choice.parts);  // clients expect a content
  }
  if (!choice.parts.empty() || !choice.content.empty()) {
    out.append(R"("content":{"parts":[)").append(choice.parts).append(R"(],"role":"model")");
    out.append(choice.content).append("},");
  }
  if (finishes) {
    out += R"("finishReason":)";
    json::AppendQuoted(out, choice.finish);
    out += ',';
    choice.finish.clear();
    if (!choice.citations.empty()) {
      json::Writer grounding(choice.members.append(R"(,"groundingMetadata":)"));
      RenderGrounding(choice.citations, choice.said, grounding);
    }
  }
  out.append(R"("index":)").append(std::to_string(choice.index)).append(choice.members) += '}';
  choice.parts.clear();
  choice.members.clear();
  choice.content.clear();
  choice.told = false;
  return finishes;
}

void StreamRenderer::Flush(std::string& out) {
  frame_.clear();
  if (ending_ && !own_) {
    for (Choice& choice : choices_) {
      for (Call& call : choice.calls) {
        End(choice, call);
      }
    }
  }
  bool finished = false;
  for (Choice& choice : choices_) {
    finished |= WriteCandidate(choice, frame_);
  }
  const bool with_usage = usage_ && (own_ || finished || ending_);
  if (!frame_.empty() || with_usage || !members_.empty()) {
    frame_ += frame_.empty() ? R"({"candidates":[])" : "]";
    if (with_usage) {
      json::Writer usage(frame_.append(R"(,"usageMetadata":)"));
      RenderUsage(*usage_, own_, usage);
      usage_.reset();
    }
    AppendText("modelVersion", model_, frame_);
    AppendText("responseId", id_, frame_);
    frame_.append(members_) += '}';
    members_.clear();
    WriteFrame(frame_, out);
  }
  usage_now_ = false;
  if (error_) {
    WriteFrame(RenderStreamError(*error_, own_), out);
  }
  if (ending_ || error_) {
    WriteEnd(out);
  }
}

void StreamRenderer::WriteFrame(std::string_view json, std::string& out) {
  if (as_array_) {
    out.append(begun_ ? ",\r\n" : "[").append(json);
  } else {
    const std::size_t start = out.append("data: ").size();
    out.append(json);
    PutOnOneLine(out, start);
    out.append("\r\n\r\n");
  }
  begun_ = true;
}

void StreamRenderer::WriteEnd(std::string& out) {
  if (as_array_ && !ended_) {
    out += begun_ ? "\r\n]" : "[]";
  }
  ended_ = true;
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  if (ended_) {
    return;
  }
  WriteFrame(gemini::RenderError(error), out);
  WriteEnd(out);
}

}  // namespace signalbox::gemini
