#include "vendors/dialects/gemini/parse_answer.h"

#include <charconv>
#include <chrono>

#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/errors.h"
#include "vendors/dialects/gemini/grounding.h"
#include "vendors/dialects/gemini/logprobs.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/parse_part.h"
#include "vendors/dialects/gemini/usage_form.h"

namespace signalbox::gemini {
namespace {

using chat::Choice;
using chat::Response;
using core::Status;
using json::Value;
using wire::OnFailure;
using wire::Strictness;

struct Candidate {
  Choice& choice;
  CallIds& ids;
};

Status ReadParts(const Value& value, Candidate& out) {
  return ReadListOrOne(value, [&](const Value& part) {
    return ParsePart(part, Strictness::kLenient, out.ids, out.choice.parts.emplace_back());
  });
}

constexpr wire::Field<Candidate> kContentFields[] = {
    {"parts", ReadParts, OnFailure::kDrop},
    {"role", [](const Value&, Candidate&) { return Status{}; }},
};

Status ReadContent(const Value& value, Candidate& out) {
  out.choice.listed = true;
  return ReadMembers(value, kContentFields, out, out.choice.message_extra, Strictness::kLenient);
}

Status ReadIndex(const Value& value, Candidate& out) {
  const auto index = value.AsInt();
  out.choice.index = index.value_or(out.choice.index);
  return index ? Status{} : wire::Expected("an integer");
}

Status ReadFinish(const Value& value, Candidate& out) {
  SB_CHECK_OK(wire::ReadText(value, out.choice.finish_text));
  out.choice.finish = FinishNamed(out.choice.finish_text);
  return {};
}

constexpr wire::Field<Candidate> kCandidateFields[] = {
    {"content", ReadContent, OnFailure::kDrop},
    {"index", ReadIndex, OnFailure::kDrop},
    {"finishReason", ReadFinish, OnFailure::kDrop},
};

bool HasCall(const Choice& choice) {
  for (const chat::Part& part : choice.parts) {
    if (std::holds_alternative<chat::ToolCall>(part.content)) {
      return true;
    }
  }
  return false;
}

// The places of citations count in all that was said; they stand with the last text.
void ReadCitations(const Value& candidate, Choice& choice) {
  std::string said;
  chat::Text* last = nullptr;
  for (chat::Part& part : choice.parts) {
    if (auto* text = std::get_if<chat::Text>(&part.content)) {
      said += text->text;
      last = text;
    }
  }
  if (last != nullptr) {
    last->citations = CitationsOf(candidate, said);
  }
}

Status ParseCandidate(const Value& value, Choice& out, CallIds& ids) {
  Candidate candidate{out, ids};
  SB_CHECK_OK(ReadMembers(value, kCandidateFields, candidate, out.extra, Strictness::kLenient));
  if (out.finish == chat::FinishReason::kStop && HasCall(out)) {
    out.finish = chat::FinishReason::kToolCalls;
  }
  if (const auto logprobs = value.Find("logprobsResult")) {
    out.logprobs = LogprobsOf(*logprobs);
  }
  ReadCitations(value, out);
  return {};
}

struct Answer {
  Response& response;
  CallIds ids;
};

Status ReadCandidates(const Value& value, Answer& out) {
  return wire::ReadList(value, [&](const Value& candidate) {
    Choice& choice = out.response.choices.emplace_back();
    choice.index = static_cast<std::int64_t>(out.response.choices.size()) - 1;
    return ParseCandidate(candidate, choice, out.ids);
  });
}

Status ReadUsage(const Value& value, Answer& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.response.usage = ParseUsage(value);
  out.response.service_tier = TierOf(value);
  return {};
}

using A = Answer;
using V = const Value&;
constexpr wire::Field<Answer> kFields[] = {
    {"candidates", ReadCandidates, OnFailure::kDrop},
    {"usageMetadata", ReadUsage},
    {"modelVersion", [](V v, A& a) { return wire::ReadText(v, a.response.model); }},
    {"responseId", [](V v, A& a) { return wire::ReadText(v, a.response.id); }},
};

bool IsAnswer(const Value& body) {
  return body.IsObject() &&
         (Find(body, "candidates") || Find(body, "promptFeedback") || Find(body, "usageMetadata"));
}

}  // namespace

bool IsBlocked(const Value& answer) {
  const auto feedback = answer.Find("promptFeedback");
  const auto candidates = answer.Find("candidates");
  return feedback && feedback->Find("blockReason") &&
         !(candidates && candidates->IsArray() && candidates->FirstChild());
}

std::optional<std::int64_t> SecondsOf(std::string_view time) {
  int numbers[6] = {};
  constexpr std::size_t kStarts[] = {0, 5, 8, 11, 14, 17};
  constexpr std::size_t kLengths[] = {4, 2, 2, 2, 2, 2};
  for (std::size_t i = 0; i < 6; ++i) {
    const std::string_view digits =
        time.size() < 20 ? std::string_view() : time.substr(kStarts[i], kLengths[i]);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), numbers[i]);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
      return std::nullopt;
    }
  }
  const std::chrono::year_month_day day{std::chrono::year(numbers[0]),
                                        std::chrono::month(static_cast<unsigned>(numbers[1])),
                                        std::chrono::day(static_cast<unsigned>(numbers[2]))};
  if (!day.ok()) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  return ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5];
}

core::Result<Response> ParseAnswer(const Value& body) {
  if (!IsAnswer(body)) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "an answer with candidates was expected");
  }
  Response response;
  response.dialect = kDialect;
  const auto id = body.Find("responseId");
  Answer answer{response, CallIds(id ? id->AsString().value_or("") : "")};
  SB_CHECK_OK(ReadMembers(body, kFields, answer, response.extra, Strictness::kLenient));
  if (IsBlocked(body)) {
    Choice& choice = response.choices.emplace_back();
    choice.finish = chat::FinishReason::kContentFilter;  // and no word for it: it is no candidate
  }
  if (const auto time = body.Find("createTime"); time && time->IsString()) {
    response.created = SecondsOf(*time->AsString());
  }
  return response;
}

}  // namespace signalbox::gemini
