#include "vendors/providers/sim/ranking.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "base/json/writer.h"
#include "vendors/providers/sim/tokens.h"

namespace signalbox::sim {
namespace {

std::set<std::string> WordsOf(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0) {
      word += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) {
    words.insert(std::move(word));
  }
  return words;
}

double Score(const std::set<std::string>& query, std::string_view document) {
  const std::set<std::string> words = WordsOf(document);
  const auto shared =
      std::ranges::count_if(query, [&](const std::string& word) { return words.contains(word); });
  return query.empty() ? 0 : static_cast<double>(shared) / static_cast<double>(query.size());
}

std::string TextObject(std::string_view text) {
  std::string out;
  json::Writer(out).BeginObject().Key("text").String(text).EndObject();
  return out;
}

}  // namespace

chat::RerankResponse AnswerRerank(const chat::RerankRequest& request) {
  chat::RerankResponse response;
  response.model = request.model;
  const std::set<std::string> query = WordsOf(request.query);
  std::int64_t tokens = CountTokens(request.query);
  for (const std::string& document : request.documents) {
    chat::Ranked& ranked = response.results.emplace_back();
    ranked.index = static_cast<std::int64_t>(response.results.size()) - 1;
    ranked.score = chat::Number::Of(Score(query, document));
    if (request.return_documents.value_or(false)) {
      ranked.document = TextObject(document);
    }
    tokens += CountTokens(document);
  }
  std::ranges::sort(response.results, [](const chat::Ranked& a, const chat::Ranked& b) {
    const double difference = a.score.value() - b.score.value();
    return difference != 0 ? difference > 0 : a.index < b.index;
  });
  const auto all = static_cast<std::int64_t>(response.results.size());
  response.results.resize(
      static_cast<std::size_t>(std::clamp<std::int64_t>(request.top_n.value_or(all), 0, all)));
  response.usage.emplace();
  response.usage->tokens.input = tokens;
  response.usage->tokens.searches = 1;
  return response;
}

}  // namespace signalbox::sim
