#include "pipeline/ledger/print.h"

#include <gtest/gtest.h>

#include "pipeline/ledger/record_samples.h"

namespace signalbox::ledger {
namespace {

std::string Json(const Record& record) {
  std::string out;
  PrintJson(record, out);
  return out;
}

TEST(Print, ASettlementHasAllItsFields) {
  Record record = SampleSettlement(8);
  record.request = *core::RequestId::Parse("req_0123456789abcdef0123456789abcdef");
  record.time = core::WallTime(std::chrono::milliseconds(1'795'000'000'123));
  record.usage_source = UsageSource::kVendor;
  EXPECT_EQ(Json(record),
            R"({"type":"settlement","request_id":"req_0123456789abcdef0123456789abcdef",)"
            R"("attempt":1,"time":"2026-11-18T11:06:40.123Z","operation":"chat",)"
            R"("provider":"openai","model":"gpt-4o-mini","principal":"key_4f21",)"
            R"("streamed":false,"request_bytes":708,"outcome":"ok","status":200,)"
            R"("input_tokens":12,"output_tokens":8,"cached_tokens":3,"reasoning_tokens":null,)"
            R"("usage_from":"vendor","answer_bytes":900,"first_byte_us":250000,)"
            R"("total_us":1234567,"cost_usd":0.0015,"cost_from":"prices"})");
}

TEST(Print, RareUnitsAreToldWhereTheyAreKnown) {
  Record record = SampleSettlement(1);
  record.usage = EveryUnit();
  record.cost_stated = true;
  const std::string json = Json(record);
  EXPECT_NE(json.find(R"("cache_write_tokens":5,"cache_write_hour_tokens":6,)"
                      R"("audio_input_tokens":7,"audio_cached_tokens":8,"audio_output_tokens":9,)"
                      R"("image_input_tokens":10,"image_output_tokens":11,"citation_tokens":12,)"
                      R"("images":13,"input_milliseconds":14,"output_milliseconds":15,)"
                      R"("characters":16,"searches":17)"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("cost_from":"vendor")"), std::string::npos);
}

TEST(Print, WhomACallIsBookedOnIsToldWhereItIsKnown) {
  Record record = SampleIntent(1);
  record.parties.key = *request::KeyId::Parse("key_0123456789abcdef0123456789abcdef");
  record.labels.agent = "triage";
  record.reserved_nano_usd = 2'000'000;
  const std::string json = Json(record);
  EXPECT_NE(json.find(R"("key":"key_0123456789abcdef0123456789abcdef","agent":"triage",)"
                      R"("reserved_usd":0.002)"),
            std::string::npos)
      << json;
  EXPECT_EQ(json.find("tenant"), std::string::npos);
}

TEST(Print, AnIntentHasNoOutcome) {
  const std::string json = Json(SampleIntent(8));
  EXPECT_TRUE(json.starts_with(R"({"type":"intent",)")) << json;
  EXPECT_EQ(json.find("outcome"), std::string::npos);
}

TEST(Print, CostsAreExactAndUnknownOnesNull) {
  Record record = SampleSettlement(1);
  record.cost_nano_usd = -1;
  EXPECT_NE(Json(record).find(R"("cost_usd":null)"), std::string::npos);
  record.cost_nano_usd = 12'000'000'001;
  EXPECT_NE(Json(record).find(R"("cost_usd":12.000000001,"cost_from":"prices"})"),
            std::string::npos);
  record.cost_nano_usd = 0;
  EXPECT_NE(Json(record).find(R"("cost_usd":0,"cost_from":"prices"})"), std::string::npos);
}

TEST(Print, ALineHasNothingThatMovesTheCursor) {
  Record record = SampleSettlement(1);
  record.model = "evil\x1b[2J\nmodel";
  std::string line;
  PrintLine(record, line);
  EXPECT_NE(line.find("openai/evil?[2J?model"), std::string::npos) << line;
  EXPECT_NE(line.find("12 in, 1 out"), std::string::npos) << line;
  EXPECT_NE(line.find("$0.0015"), std::string::npos) << line;
}

}  // namespace
}  // namespace signalbox::ledger
