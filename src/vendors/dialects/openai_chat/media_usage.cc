#include "vendors/dialects/openai_chat/media_usage.h"

#include <algorithm>
#include <cmath>

#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::openai_chat {
namespace {

using chat::Operation;
using chat::Usage;
using json::Value;

constexpr double kMostSeconds = 1e9;

std::int64_t Count(const Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? std::max<std::int64_t>(value->AsInt().value_or(-1), -1) : -1;
}

void Take(const Value& object, std::string_view key, std::int64_t& out) {
  const std::int64_t count = Count(object, key);
  out = count >= 0 ? count : out;
}

void TakeSeconds(const Value& object, std::string_view key, std::int64_t& out) {
  const auto value = object.Find(key);
  const double seconds = value ? value->AsDouble().value_or(-1) : -1;
  if (seconds >= 0 && seconds < kMostSeconds) {
    out = std::llround(seconds * 1000);
  }
}

// The newer words for tokens, with their details in either spelling.
void TakeTokens(const Value& usage, Usage& out) {
  Take(usage, "input_tokens", out.input);
  Take(usage, "output_tokens", out.output);
  for (const std::string_view key : {"input_tokens_details", "input_token_details"}) {
    if (const auto details = usage.Find(key)) {
      Take(*details, "cached_tokens", out.cached);
      Take(*details, "audio_tokens", out.audio_input);
      Take(*details, "image_tokens", out.image_input);
    }
  }
  if (const auto details = usage.Find("output_tokens_details")) {
    Take(*details, "audio_tokens", out.audio_output);
    Take(*details, "image_tokens", out.image_output);
  }
}

std::int64_t CountPictures(const Value& answer) {
  const auto data = answer.Find("data");
  return data && data->IsArray() ? static_cast<std::int64_t>(data->CountChildren()) : -1;
}

}  // namespace

catalog::Bill ReadMediaBill(const Value& answer, Operation operation) {
  if (!answer.IsObject()) {
    return {};
  }
  catalog::Bill bill = ReadBill(answer);
  Usage& used = bill.usage;
  if (const auto usage = answer.Find("usage"); usage && usage->IsObject()) {
    TakeTokens(*usage, used);
    TakeSeconds(*usage, "prompt_audio_seconds", used.input_milliseconds);
    TakeSeconds(*usage, "seconds", used.input_milliseconds);
  }
  switch (operation) {
    case Operation::kTranscriptions:
      if (used.input_milliseconds < 0) {
        TakeSeconds(answer, "duration", used.input_milliseconds);
      }
      break;
    case Operation::kSpeech:
      used.audio_output = used.audio_output < 0 ? used.output : used.audio_output;
      break;
    case Operation::kImages:
      used.images = CountPictures(answer);
      used.image_output = used.image_output < 0 ? used.output : used.image_output;
      break;
    default:
      break;
  }
  return bill;
}

bool IsStated(const catalog::Bill& bill) {
  return bill.usage.known() || bill.usage.input_milliseconds >= 0 || bill.usage.images >= 0 ||
         bill.stated.has_value();
}

std::int64_t CountCharacters(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

}  // namespace signalbox::openai_chat
