// The whole way from an answer's bytes to what it cost: read as the gateway reads it, priced with
// the prices that ship, compared with sums that were worked out apart from the program
// (test/cases/costs). Recordings stand beside the project; the cases of our own need none.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/json/document.h"
#include "pipeline/gateway/stream_relay.h"
#include "vendors/catalog/catalog.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::gateway {
namespace {

namespace fs = std::filesystem;
using catalog::Bill;
using catalog::NanoUsd;
using json::Value;

const fs::path kCases = fs::path(SB_SOURCE_DIR) / "test" / "cases" / "costs";
const fs::path kRecordings = fs::path(SB_SOURCE_DIR) / ".." / "shared" / "fixtures";
const std::chrono::sys_days kDay = std::chrono::year(2026) / 11 / 20;

std::string Slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool IsWhole(std::string_view body) {
  const std::size_t start = body.find_first_not_of(" \r\n\t");
  return start != std::string_view::npos && body[start] == '{';
}

// As Attempt::CheckAnswer.
Bill BillOfWhole(std::string_view body) {
  json::Document document;
  const auto bill = openai_chat::ReadBill(body, document);
  EXPECT_TRUE(bill);
  return bill.value_or(Bill{});
}

// As Attempt::DeliverStream, with pieces of so many bytes.
Bill BillOfStream(std::string_view body, std::size_t piece) {
  StreamRelay relay(openai_chat::TheDialect(), true);
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    relay.Take(body.substr(at, piece), out);
  }
  relay.Finish(out);
  EXPECT_TRUE(relay.stated());
  return relay.bill();
}

Bill BillOf(const std::string& body) {
  return IsWhole(body) ? BillOfWhole(body) : BillOfStream(body, 4096);
}

// A case of our own: "=== call" with a word and its value on a line, and "=== answer" or
// "=== stream" with the bytes.
struct Case {
  std::map<std::string, std::string> call;
  std::string body;
};

Case ReadCase(const fs::path& path) {
  Case out;
  std::istringstream lines(Slurp(path));
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("=== ")) {
      section = line.substr(4);
    } else if (section == "call") {
      const std::size_t space = line.find(' ');
      out.call[line.substr(0, space)] = line.substr(space + 1);
    } else if (!section.empty()) {
      out.body += line + "\n";
    }
  }
  return out;
}

std::string Text(std::optional<NanoUsd> cost) {
  return cost ? std::to_string(cost->count) : "unknown";
}

TEST(Costs, OfCasesAreWhatOneWorksOutByHand) {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    if (entry.path().extension() != ".case") {
      continue;
    }
    SCOPED_TRACE(entry.path().filename());
    Case each = ReadCase(entry.path());
    const catalog::Model* model =
        catalog::Catalog::BuiltIn()->Find(each.call["provider"], each.call["model"]);
    EXPECT_EQ(Text(CostOf(BillOf(each.body), model, kDay)), each.call["cost"]);
    if (!IsWhole(each.body)) {
      for (const std::size_t piece : {1, 2, 7, 64}) {
        EXPECT_EQ(Text(CostOf(BillOfStream(each.body, piece), model, kDay)), each.call["cost"]);
      }
    }
    ++cases;
  }
  EXPECT_GE(cases, 30);
}

// One line of recorded.txt.
struct Recorded {
  std::string file;
  int exchange = 0;
  std::string provider, model, cost, by_price;
};

std::vector<Recorded> ReadRecorded() {
  std::vector<Recorded> out;
  std::istringstream lines(Slurp(kCases / "recorded.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) {
      Recorded row;
      std::istringstream words(line);
      words >> row.file >> row.exchange >> row.provider >> row.model >> row.cost >> row.by_price;
      out.push_back(std::move(row));
    }
  }
  return out;
}

// Events whose framing the recorder took off get it back.
std::string Framed(const std::string& lines_of_json) {
  std::istringstream lines(lines_of_json);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('{')) {
      out += "data: " + line + "\n\n";
    }
  }
  return out + "data: [DONE]\n\n";
}

// The body of exchange `number`, from 1.
std::string ReadExchange(const std::string& text, int number) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text));
  auto exchange = document.Root().FirstChild();
  for (int i = 1; exchange && i < number; ++i) {
    exchange = exchange->NextIn(document.Root());
  }
  const Value response = *exchange->Find("response");
  const auto parsed = response.Find("body_json");
  return parsed ? std::string(parsed->Raw()) : *response.Find("body_text")->AsString();
}

std::string ReadBody(const Recorded& row) {
  const std::string text = Slurp(kRecordings / row.file);
  if (row.file.ends_with(".exchanges.json")) {
    return ReadExchange(text, row.exchange);
  }
  const bool framed = text.find("\ndata:") != std::string::npos || text.starts_with("data:");
  return row.file.ends_with(".txt") && !framed ? Framed(text) : text;
}

std::optional<NanoUsd> ByPrice(Bill bill, const catalog::Model* model) {
  bill.stated.reset();
  return CostOf(bill, model, kDay);
}

TEST(Costs, OfRecordedAnswersAreWhatOneWorksOutByHand) {
  if (!fs::exists(kRecordings)) {
    GTEST_SKIP() << "skipped: the recordings in ../shared/fixtures are not here";
  }
  const std::vector<Recorded> rows = ReadRecorded();
  ASSERT_GE(rows.size(), 120U);
  std::map<std::string, int> kinds;
  for (const Recorded& row : rows) {
    SCOPED_TRACE(testing::Message() << row.file << " #" << row.exchange);
    const std::string body = ReadBody(row);
    const Bill bill = BillOf(body);
    const catalog::Model* model = catalog::Catalog::BuiltIn()->Find(row.provider, row.model);
    EXPECT_EQ(Text(CostOf(bill, model, kDay)), row.cost);
    if (row.by_price != "?") {
      EXPECT_EQ(Text(ByPrice(bill, model)), row.by_price == "=" ? row.cost : row.by_price);
    }
    kinds["cached"] += bill.usage.cached > 0 ? 1 : 0;
    kinds["reasoning"] += bill.usage.reasoning > 0 ? 1 : 0;
    kinds["stated"] += bill.stated ? 1 : 0;
    kinds["streams"] += IsWhole(body) ? 0 : 1;
  }
  EXPECT_GE(kinds["cached"], 20);
  EXPECT_GE(kinds["reasoning"], 25);
  EXPECT_GE(kinds["stated"], 26);
  EXPECT_GE(kinds["streams"], 30);
}

}  // namespace
}  // namespace signalbox::gateway
