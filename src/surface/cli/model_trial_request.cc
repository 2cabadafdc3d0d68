// What a model is asked to see whether it answers.
#include <fmt/format.h>

#include "base/json/writer.h"
#include "surface/cli/model_trial.h"
#include "vendors/catalog/catalog.h"

namespace signalbox::cli {
namespace {

// What the catalogue knows the model for; embeddings by their name where it does not know it.
catalog::Mode ModeOf(std::string_view name) {
  const std::size_t slash = name.find('/');
  const auto shipped = catalog::Catalog::BuiltIn();
  const catalog::Model* model = slash == std::string_view::npos
                                    ? shipped->FindAnywhere(name)
                                    : shipped->Find(name.substr(0, slash), name.substr(slash + 1));
  if (model != nullptr && model->id != "*") {
    return model->mode;
  }
  return name.find("embed") != std::string_view::npos ? catalog::Mode::kEmbedding
                                                      : catalog::Mode::kChat;
}

}  // namespace

TrialRequest RequestFor(const std::string& model) {
  const catalog::Mode mode = ModeOf(model);
  if (mode != catalog::Mode::kChat && mode != catalog::Mode::kEmbedding) {
    return {{}, {}, fmt::format("a model for {} is not tried", catalog::Name(mode))};
  }
  TrialRequest out;
  json::Writer writer(out.body);
  writer.BeginObject().Key("model").String(model);
  if (mode == catalog::Mode::kEmbedding) {
    out.path = "/v1/embeddings";
    writer.Key("input").String("OK").EndObject();
    return out;
  }
  // No limit of tokens: vendors do not agree on its name, and the question keeps the answer short.
  out.path = "/v1/chat/completions";
  writer.Key("messages").BeginArray().BeginObject().Key("role").String("user");
  writer.Key("content").String("Answer with the word OK.").EndObject().EndArray().EndObject();
  return out;
}

}  // namespace signalbox::cli
