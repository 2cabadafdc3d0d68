#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/wire/error_words.h"

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
  EXPECT_EQ(wire::ToError(429, error).code, ErrorCode::kRateLimited);
  error.code = "insufficient_quota";
  EXPECT_EQ(wire::ToError(429, error).code, ErrorCode::kBudgetExceeded);
}

TEST(ToError, KeepsTheFieldAndTheWords) {
  chat::VendorError error;
  error.message = "n is too big";
  error.param = "n";
  const core::Error ours = wire::ToError(422, error);
  EXPECT_EQ(ours.code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(ours.message, "n is too big");
  EXPECT_EQ(ours.param, "n");
  EXPECT_EQ(wire::ToError(500, error).code, ErrorCode::kUpstreamFailed);
  EXPECT_EQ(wire::ToError(503, error).code, ErrorCode::kUnavailable);
}

TEST(RenderVendorError, WritesAllFourMembersForAnErrorOfAnotherDialect) {
  chat::VendorError error;
  error.message = "Überlast";
  EXPECT_EQ(RenderVendorError(error),
            R"({"error":{"message":"Überlast","type":"server_error","param":null,"code":null}})");
}

TEST(RenderError, KeepsTheWordsOfAVendorThatSpeaksAsOpenAiDoes) {
  const std::string body = R"({"error":{"message":"No.","code":502,"metadata":{"a":1}}})";
  wire::ErrorAnswer answer{.status = 502, .error = {}, .vendor = ParseErrorBody(body)};
  EXPECT_EQ(RenderError(answer), body);
}

TEST(RenderError, SaysItInOpenAisWordsForOthers) {
  chat::VendorError vendor;
  vendor.message = "Too many";
  vendor.type = "rate_limit_error";
  vendor.json = R"({"type":"rate_limit_error","message":"Too many"})";
  wire::ErrorAnswer answer{.status = 429, .error = wire::ToError(429, vendor), .vendor = vendor};
  EXPECT_EQ(RenderError(answer),
            R"({"error":{"message":"Too many","type":"rate_limit_error","param":null,)"
            R"("code":"rate_limit_exceeded"}})");
  EXPECT_EQ(
      RenderError(
          {.status = 400, .error = {ErrorCode::kInvalidRequest, "n: no", "n", {}}, .vendor = {}}),
      R"({"error":{"message":"n: no","type":"invalid_request_error","param":"n",)"
      R"("code":null}})");
}

}  // namespace
}  // namespace signalbox::openai_chat
