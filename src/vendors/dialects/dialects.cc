#include "vendors/dialects/dialects.h"

#include <algorithm>
#include <array>

#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/simple/dialect.h"
#include "vendors/dialects/workers_ai/dialect.h"

namespace signalbox::dialects {

std::span<const Named> All() {
  static const auto kAll = std::to_array<Named>({
      {"openai_chat", &openai_chat::TheDialect()},
      {"openai_completions", &openai_chat::Completions()},
      {"openai_responses", &openai_responses::TheDialect()},
      {"anthropic", &anthropic::TheDialect()},
      {"gemini", &gemini::TheDialect()},
      {"vertex", &gemini::Vertex()},
      {"mistral", &mistral::TheDialect()},
      {"cohere", &cohere::TheDialect()},
      {"ollama", &ollama::TheDialect()},
      {"ollama_generate", &ollama::DialectOf(ollama::Form::kGenerate)},
      {"ollama_embeddings", &ollama::DialectOf(ollama::Form::kOldEmbeddings)},
      {"bedrock", &bedrock::TheDialect()},
      {"workers_ai", &workers_ai::TheDialect()},
      {"huggingface", &huggingface::TheDialect()},
      {"simple", &simple::TheDialect()},
  });
  return kAll;
}

const wire::Dialect* Find(std::string_view name) {
  const auto found = std::ranges::find(All(), name, &Named::name);
  return found == All().end() ? nullptr : found->dialect;
}

}  // namespace signalbox::dialects
