#include "vendors/chat/envelope.h"

namespace signalbox::chat {

std::string_view Name(Operation operation) {
  switch (operation) {
    case Operation::kChat:
      return "chat";
    case Operation::kEmbeddings:
      return "embeddings";
    case Operation::kCompletions:
      return "completions";
    case Operation::kCountTokens:
      return "count_tokens";
    case Operation::kRerank:
      return "rerank";
    case Operation::kModerations:
      return "moderations";
    case Operation::kTranscriptions:
      return "transcriptions";
    case Operation::kSpeech:
      return "speech";
    case Operation::kImages:
      return "images";
    case Operation::kGenerate:
      return "generate";
  }
  return "unknown";
}

void EditList::Apply(std::string_view text, std::vector<std::string_view>& out) const {
  std::size_t done = 0;
  for (const Edit& edit : all()) {
    if (edit.where.begin != done) {
      out.push_back(text.substr(done, edit.where.begin - done));
    }
    if (!edit.text.empty()) {
      out.push_back(edit.text);
    }
    done = edit.where.end;
  }
  if (done != text.size()) {
    out.push_back(text.substr(done));
  }
}

}  // namespace signalbox::chat
