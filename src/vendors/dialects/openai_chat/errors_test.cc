#include "vendors/dialects/openai_chat/errors.h"

#include <gtest/gtest.h>

#include "base/json/document.h"

namespace signalbox::openai_chat {
namespace {

using core::ErrorCode;

TEST(ParseErrorBody, ReadsTheFormsOfTheVendors) {
  const auto openai = ParseErrorBody(
      R"({"error":{"message":"No.","type":"invalid_request_error","param":"n","code":"bad"}})");
  EXPECT_EQ(openai.message, "No.");
  EXPECT_EQ(openai.param, "n");
  EXPECT_EQ(openai.code, "bad");
  EXPECT_EQ(ParseErrorBody(R"({"error":{"message":"No.","code":429}})").code, "429");
  EXPECT_EQ(ParseErrorBody(R"({"error":"overloaded"})").message, "overloaded");
  EXPECT_EQ(ParseErrorBody(R"({"object":"error","message":"m","type":"t"})").message, "m");
  EXPECT_EQ(ParseErrorBody(R"([{"error":{"message":"g","status":"NOT_FOUND"}}])").type,
            "NOT_FOUND");
  EXPECT_EQ(ParseErrorBody(R"({"detail":"Not Found"})").message, "Not Found");
  EXPECT_EQ(ParseErrorBody("<html>Bad gateway</html>").message, "<html>Bad gateway</html>");
  EXPECT_EQ(ParseErrorBody("").message, "");
}

TEST(ParseErrorBody, CutsALongTextBetweenCharacters) {
  std::string page(1999, 'x');
  for (int i = 0; i < 100; ++i) {
    page += "é";
  }
  EXPECT_EQ(ParseErrorBody(page).message, std::string(1999, 'x') + "…");
}

TEST(ToError, TellsMoneyFromHaste) {
  chat::VendorError error;
  EXPECT_EQ(ToError(429, error).code, ErrorCode::kRateLimited);
  error.code = "insufficient_quota";
  EXPECT_EQ(ToError(429, error).code, ErrorCode::kBudgetExceeded);
}

TEST(ToError, KeepsTheFieldAndTheWords) {
  chat::VendorError error;
  error.message = "n is too big";
  error.param = "n";
  const core::Error ours = ToError(422, error);
  EXPECT_EQ(ours.code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(ours.message, "n is too big");
  EXPECT_EQ(ours.param, "n");
  EXPECT_EQ(ToError(500, error).code, ErrorCode::kUpstreamFailed);
  EXPECT_EQ(ToError(503, error).code, ErrorCode::kUnavailable);
}

TEST(RenderVendorError, WritesAllFourMembersForAnErrorOfAnotherDialect) {
  chat::VendorError error;
  error.message = "Überlast";
  EXPECT_EQ(RenderVendorError(error),
            R"({"error":{"message":"Überlast","type":"server_error","param":null,"code":null}})");
}

}  // namespace
}  // namespace signalbox::openai_chat
