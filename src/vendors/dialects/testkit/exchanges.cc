#include "vendors/dialects/testkit/exchanges.h"

#include <gtest/gtest.h>

#include "base/core/random.h"
#include "io/net/sse.h"

namespace signalbox::testkit {

void CheckRequest(const wire::Dialect& dialect, const Recording& recording, const Rules& rules) {
  SCOPED_TRACE(recording.name);
  json::Document document;
  ASSERT_TRUE(document.Parse(recording.request));
  const auto request = dialect.ParseRequest(document.Root());
  ASSERT_TRUE(request) << request.error().message;
  const auto rendered = dialect.RenderRequest(*request, {});
  ASSERT_TRUE(rendered) << rendered.error().message;
  EXPECT_EQ(Difference(Meaning::Of(rendered->body, rules), Meaning::Of(recording.request, rules)),
            "");
  EXPECT_TRUE(rendered->dropped.empty());
}

void CheckAnswer(const wire::Dialect& dialect, const Recording& recording, const Rules& rules) {
  SCOPED_TRACE(recording.name);
  json::Document document;
  ASSERT_TRUE(document.Parse(recording.answer));
  const auto answer = dialect.ParseAnswer(document.Root());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(Difference(Meaning::Of(dialect.RenderAnswer(*answer), rules),
                       Meaning::Of(recording.answer, rules)),
            "");
}

std::string StreamOf(const Recording& recording) {
  std::string stream = recording.stream;
  for (const std::string& frame : recording.frames) {
    net::AppendSseEvent(stream, {}, frame);
  }
  return stream;
}

std::vector<std::string> DataOf(std::string_view stream) {
  std::vector<std::string> data;
  net::SseReader reader;
  reader.Feed(stream);
  for (net::SseEvent event; reader.Next(event);) {
    data.emplace_back(event.data);
  }
  return data;
}

std::vector<std::string_view> CutAtRandom(std::string_view stream, std::uint32_t seed,
                                          std::size_t longest) {
  core::Random random(seed);
  std::vector<std::string_view> pieces;
  while (!stream.empty()) {
    pieces.push_back(stream.substr(0, 1 + random.Next() % longest));
    stream.remove_prefix(pieces.back().size());
  }
  return pieces;
}

}  // namespace signalbox::testkit
