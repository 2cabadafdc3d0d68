#include "surface/cli/model_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/json/document.h"

namespace signalbox::cli {
namespace {

using testing::HasSubstr;

std::vector<Trial> Three() {
  std::vector<Trial> trials(3);
  trials[0] = {.model = "fast",
               .provider = "openai",
               .answered = "gpt-4o-mini",
               .cost = "0.000012",
               .usage = {.input = 12, .output = 2},
               .time = std::chrono::milliseconds(350),
               .status = 200,
               .state = Trial::State::kWell};
  trials[1] = {.model = "groq/llama", .said = "401: the key was refused", .status = 401};
  trials[2] = {.model = "openai/dall-e-3",
               .said = "a model for image is not tried",
               .state = Trial::State::kSkipped};
  return trials;
}

TEST(ModelTrial, AsksEmbeddingsForEmbeddingsAndChatForTheRest) {
  EXPECT_EQ(RequestFor("text-embedding-3-small").path, "/v1/embeddings");
  EXPECT_EQ(RequestFor("sim/embed").path, "/v1/embeddings");
  EXPECT_EQ(RequestFor("fast").path, "/v1/chat/completions");
  EXPECT_EQ(RequestFor("openai/gpt-4o").path, "/v1/chat/completions");
  EXPECT_THAT(RequestFor("openai/gpt-4o").body, HasSubstr(R"("model":"openai/gpt-4o")"));
}

TEST(ModelTrial, LeavesOutWhatIsNoChat) {
  EXPECT_THAT(RequestFor("openai/whisper-1").skipped, HasSubstr("transcription"));
}

TEST(ModelTrial, SaysWhyBelowTheTableOnATerminal) {
  const std::string text = TrialsText(Three(), {.columns = 80});
  EXPECT_THAT(text, HasSubstr("openai/gpt-4o-mini"));
  EXPECT_THAT(text, HasSubstr("12+2"));
  EXPECT_THAT(text, HasSubstr("0.000012"));
  EXPECT_THAT(text, HasSubstr("\ngroq/llama\n  401: the key was refused\n"));
}

TEST(ModelTrial, SaysWhyInTheLastFieldInAPipe) {
  std::istringstream lines(TrialsText(Three(), {}));
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) {
    all.push_back(line);
    EXPECT_EQ(std::ranges::count(line, '\t'), 6) << line;
  }
  ASSERT_EQ(all.size(), 3U);
  EXPECT_THAT(all[1], testing::EndsWith("\t401: the key was refused"));
}

TEST(ModelTrial, FitsIntoFortyColumns) {
  std::istringstream lines(TrialsText(Three(), {.columns = 40}));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(Width(line), 40) << line;
  }
}

TEST(ModelTrial, IsJsonWithNullForWhatIsUnknown) {
  json::Document document;
  const std::string text = TrialsJson(Three());
  ASSERT_TRUE(document.Parse(text)) << text;
  EXPECT_EQ(document.Root().Find("failed")->AsInt(), 1);
  EXPECT_THAT(text, HasSubstr(R"("cost_usd":"0.000012")"));
  EXPECT_THAT(text, HasSubstr(R"("output_tokens":null)"));
}

}  // namespace
}  // namespace signalbox::cli
