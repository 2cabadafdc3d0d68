// Random values of the vendors' published schemas, in and out again without a change of meaning.
//
// test/schema/round_trips.py makes them and starts this program with SB_SCHEMA_INSTANCES: a file of
// JSON texts, a line each: {"dialect", "kind", "schema", "number", "value"}. `kind` is request,
// count_request, answer, stream (`value` is a list of frames), embeddings_request,
// embeddings_answer, rerank_request, rerank_answer or error.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>

#include "vendors/dialects/dialects.h"
#include "vendors/dialects/schema_rules_testing.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::dialects {
namespace {

using json::Value;
using testkit::Meaning;

// One loss, however many instances show it.
struct Loss {
  int count = 0;
  std::string first;  // where, with both texts
};

class SchemaInstances : public testing::Test {
 protected:
  void SetUp() override {
    const char* path = std::getenv("SB_SCHEMA_INSTANCES");
    if (path == nullptr) {
      GTEST_SKIP() << "skipped: test/schema/round_trips.py makes the instances";
    }
    file_.open(path);
    ASSERT_TRUE(file_) << path;
  }
  void Check(const Value& instance);
  void Note(const Value& instance, const std::string& difference);

  std::ifstream file_;
  std::map<std::string, Loss> losses_;
  int count_ = 0;
};

std::string TextIn(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or(std::string(member->Raw())) : "";
}

template <typename Answer>
std::string Told(const core::Result<Answer>& answer) {
  return "refused: " + answer.error().param + ": " + answer.error().message;
}

template <typename Parsed, typename Render>
std::string RoundTrip(const core::Result<Parsed>& parsed, const Value& original, const Schemas& of,
                      Render render) {
  if (!parsed) {
    return Told(parsed);
  }
  const core::Result<std::string> rendered = render(*parsed);
  if (!rendered) {
    return Told(rendered);
  }
  Meaning theirs = Meaning::Of(original, of.rules);
  if (of.normalise != nullptr) {
    of.normalise(theirs);
  }
  Meaning ours = Meaning::Of(*rendered, of.rules);
  if (of.normalise != nullptr) {
    of.normalise(ours);
  }
  return Difference(ours, theirs);
}

core::Result<std::string> BodyOf(core::Result<wire::RenderedRequest> rendered) {
  if (!rendered) {
    return std::unexpected(std::move(rendered).error());
  }
  EXPECT_TRUE(rendered->dropped.empty()) << rendered->dropped.front();
  return std::move(rendered->body);
}

std::string CheckError(const wire::Dialect& dialect, const Value& value, const Schemas& of) {
  const wire::ErrorAnswer answer{
      .status = 400, .error = {}, .vendor = dialect.ParseError(value.Raw())};
  return Difference(Meaning::Of(dialect.RenderError(answer), of.rules),
                    Meaning::Of(value, of.rules));
}

std::string CheckStream(const wire::Dialect& dialect, const Value& frames, const Schemas& of) {
  const std::string stream = BytesOf(dialect, frames);
  const testkit::Streamed whole = testkit::RunStream(dialect, {stream});
  const std::vector<Meaning> theirs = of.frames(stream);
  const std::vector<Meaning> ours = of.frames(whole.rendered);
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    const std::string difference = Difference(ours[i], theirs[i]);
    if (!difference.empty()) {
      return "frame of " + TextOf(theirs[i], "type") + difference;
    }
  }
  if (ours.size() != theirs.size()) {
    return ours.size() < theirs.size() ? "a frame is missing: " + theirs[ours.size()].Text()
                                       : "a frame too much: " + ours[theirs.size()].Text();
  }
  const std::size_t cut = stream.size() / 2;
  const testkit::Streamed again = testkit::RunStream(
      dialect, {std::string_view(stream).substr(0, cut), std::string_view(stream).substr(cut)});
  return again.canonical == whole.canonical ? "" : "cut in two it means something else";
}

std::string CheckOne(const wire::Dialect& dialect, const std::string& kind, const Value& value,
                     const Schemas& of) {
  if (kind == "request") {
    return RoundTrip(dialect.ParseRequest(value), value, of, [&](const chat::Request& request) {
      return BodyOf(dialect.RenderRequest(request, {}));
    });
  }
  if (kind == "count_request") {
    return RoundTrip(
        dialect.ParseCountRequest(value), value, of,
        [&](const chat::Request& request) { return BodyOf(dialect.RenderCountRequest(request)); });
  }
  if (kind == "answer") {
    return RoundTrip(dialect.ParseAnswer(value), value, of,
                     [&](const auto& answer) { return dialect.RenderAnswer(answer); });
  }
  if (kind == "embeddings_request") {
    return RoundTrip(dialect.ParseEmbeddingsRequest(value), value, of, [&](const auto& request) {
      return BodyOf(dialect.RenderEmbeddingsRequest(request));
    });
  }
  if (kind == "embeddings_answer") {
    return RoundTrip(dialect.ParseEmbeddingsAnswer(value), value, of,
                     [&](const auto& answer) { return dialect.RenderEmbeddingsAnswer(answer); });
  }
  if (kind == "rerank_request") {
    return RoundTrip(dialect.ParseRerankRequest(value), value, of, [&](const auto& request) {
      return BodyOf(dialect.RenderRerankRequest(request));
    });
  }
  if (kind == "rerank_answer") {
    return RoundTrip(dialect.ParseRerankAnswer(value), value, of,
                     [&](const auto& answer) { return dialect.RenderRerankAnswer(answer); });
  }
  if (kind == "error") {
    return CheckError(dialect, value, of);
  }
  return kind == "stream" ? CheckStream(dialect, value, of) : "unknown kind";
}

// Losses that differ in indices, names and values alone are one.
std::string KindOf(const std::string& difference) {
  const std::size_t length = difference.starts_with("refused: ")
                                 ? difference.find(": ", difference.find(": ") + 2)
                                 : difference.find(": ");
  const std::string path = difference.substr(0, length);
  return std::regex_replace(path, std::regex(R"(\[\d+\]|x_unknown_\w+)"), "*");
}

void SchemaInstances::Note(const Value& instance, const std::string& difference) {
  Loss& loss = losses_[TextIn(instance, "dialect") + " " + TextIn(instance, "schema") + " " +
                       TextIn(instance, "kind") + " " + KindOf(difference)];
  if (++loss.count == 1 || difference.size() + 40 < loss.first.size()) {
    loss.first = "#" + TextIn(instance, "number") + " " + difference.substr(0, 1200);
  }
}

void SchemaInstances::Check(const Value& instance) {
  const std::string name = TextIn(instance, "dialect");
  const wire::Dialect* dialect = Find(name);
  const std::string kind = TextIn(instance, "kind");
  ASSERT_NE(dialect, nullptr) << name;
  const std::string difference =
      CheckOne(*dialect, kind, *instance.Find("value"), RulesOf(name, kind));
  if (!difference.empty()) {
    Note(instance, difference);
  }
  ++count_;
}

TEST_F(SchemaInstances, KeepTheirMeaning) {
  for (std::string line; std::getline(file_, line);) {
    json::Document document;
    ASSERT_TRUE(document.Parse(line)) << line.substr(0, 200);
    Check(document.Root());
  }
  for (const auto& [where, loss] : losses_) {
    ADD_FAILURE() << where << " (" << loss.count << " times)\n  " << loss.first;
  }
  std::cout << count_ << " instances, " << losses_.size() << " kinds of loss\n";
  EXPECT_GT(count_, 0);
}

}  // namespace
}  // namespace signalbox::dialects
