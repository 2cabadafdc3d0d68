#include "vendors/providers/sim/ranking.h"

#include <gtest/gtest.h>

namespace signalbox::sim {
namespace {

chat::RerankRequest Request() {
  chat::RerankRequest request;
  request.query = "Red HOUSE";
  request.documents = {"a blue boat", "the red house", "a house", "another House"};
  return request;
}

TEST(AnswerRerank, PutsTheDocumentThatSharesMostWordsFirst) {
  const auto response = AnswerRerank(Request());
  ASSERT_EQ(response.results.size(), 4U);
  EXPECT_EQ(response.results[0].index, 1);
  EXPECT_EQ(response.results[0].score.value(), 1);
  EXPECT_EQ(response.results[1].index, 2);  // of equal ones the earlier
  EXPECT_EQ(response.results[2].index, 3);
  EXPECT_EQ(response.results[3].score.value(), 0);
  EXPECT_EQ(response.results[0].document, "");
}

TEST(AnswerRerank, GivesAsManyAsAskedForAndTheirTexts) {
  chat::RerankRequest request = Request();
  request.top_n = 1;
  request.return_documents = true;
  const auto response = AnswerRerank(request);
  ASSERT_EQ(response.results.size(), 1U);
  EXPECT_EQ(response.results[0].document, R"({"text":"the red house"})");
}

}  // namespace
}  // namespace signalbox::sim
