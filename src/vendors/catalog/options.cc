#include "vendors/catalog/options.h"

#include <array>

namespace signalbox::catalog {
namespace {

constexpr PriceKey kPriceKeys[] = {
    {Unit::kInput, "input", &PriceOptions::input, "US dollars per million tokens of prompts."},
    {Unit::kOutput, "output", &PriceOptions::output, "US dollars per million tokens of answers."},
    {Unit::kCached, "cached", &PriceOptions::cached,
     "Per million tokens that came from the vendor's prompt cache; else as input."},
    {Unit::kCacheWrite, "cache_write", &PriceOptions::cache_write,
     "Per million tokens written to the vendor's prompt cache; else as input."},
    {Unit::kCacheWriteHour, "cache_write_hour", &PriceOptions::cache_write_hour,
     "Per million tokens written to it for an hour."},
    {Unit::kReasoning, "reasoning", &PriceOptions::reasoning,
     "Per million tokens of reasoning; else as output."},
    {Unit::kAudioInput, "audio_input", &PriceOptions::audio_input,
     "Per million tokens of sound in prompts; else as input."},
    {Unit::kAudioOutput, "audio_output", &PriceOptions::audio_output,
     "Per million tokens of sound in answers; else as output."},
    {Unit::kImage, "image", &PriceOptions::image, "US dollars for each picture made."},
    {Unit::kInputSecond, "second", &PriceOptions::second,
     "US dollars for each second of sound that is transcribed."},
    {Unit::kCharacter, "character", &PriceOptions::character,
     "US dollars per million characters that are spoken."},
    {Unit::kSearch, "search", &PriceOptions::search, "US dollars for each search of the web."},
};

const config::Table<PriceOptions>& PriceTable() {
  static const auto table = [] {
    auto made = config::Table<PriceOptions>("price", "What a model costs from a day on.");
    for (const PriceKey& key : PriceKeys()) {
      made = std::move(made).Add(std::string(key.key), key.member, {.doc = std::string(key.doc)});
    }
    return std::move(made).Add(
        "more", &PriceOptions::more,
        {.doc = "Prices for long prompts and service tiers: 'input>200k=5', 'output@batch=4'."});
  }();
  return table;
}

const std::vector<config::Word>& ModeWords() {
  static const auto words = [] {
    std::vector<config::Word> out;
    for (auto mode = Mode::kChat; mode <= Mode::kOther;
         mode = static_cast<Mode>(static_cast<int>(mode) + 1)) {
      out.emplace_back(std::string(Name(mode)), mode);
    }
    return out;
  }();
  return words;
}

const std::vector<config::Word>& ClassWords() {
  static const std::vector<config::Word> words = {
      {"low", Class::kLow}, {"medium", Class::kMedium}, {"high", Class::kHigh}};
  return words;
}

}  // namespace

std::span<const PriceKey> PriceKeys() {
  return kPriceKeys;
}

const config::Table<ModelOptions>& ModelTable() {
  static const auto table =
      config::Table<ModelOptions>("catalogued model", "Facts and prices of a provider's model.")
          .Add("like", &ModelOptions::like,
               {.doc = "provider/model whose facts and prices it starts from."})
          .Add("aliases", &ModelOptions::aliases, {.doc = "Other names the provider knows it by."})
          .Add("mode", &ModelOptions::mode, {.doc = "What it is called for.", .names = ModeWords()})
          .Add("context", &ModelOptions::context,
               {.doc = "Most tokens of a prompt.", .unit = "tokens", .min = 1})
          .Add("max_output", &ModelOptions::max_output,
               {.doc = "Most tokens of an answer.", .unit = "tokens", .min = 1})
          .Add("abilities", &ModelOptions::abilities,
               {.doc = "All that it can do: tools, parallel, vision, pdf, audio_in, audio_out, "
                       "video_in, image_out, json, reasoning, cache, search, computer. What it is "
                       "known to do otherwise and is not listed, it lacks. How it may be asked is "
                       "added to what is known: sampling, both_top_p, effort, budget, "
                       "json_object, full_schema, result_media, max_completion_tokens."})
          .Add("lacks", &ModelOptions::lacks,
               {.doc = "What it is known not to do, in the same words: a translated request that "
                       "needs it is refused, or goes without."})
          .Add("efforts", &ModelOptions::efforts,
               {.doc = "How hard it can be told to think: none, minimal, low, medium, high, "
                       "xhigh, max. Others become the nearest."})
          .Add("least_budget", &ModelOptions::least_budget,
               {.doc = "Fewest tokens it can be told to think with.", .unit = "tokens"})
          .Add("most_budget", &ModelOptions::most_budget,
               {.doc = "Most tokens it can be told to think with.", .unit = "tokens", .min = 1})
          .Add("local", &ModelOptions::local, {.doc = "Whether it runs on machines of your own."})
          .Add("region", &ModelOptions::region, {.doc = "Where it computes, e.g. eu-west."})
          .Add("speed", &ModelOptions::speed, {.doc = "Its class.", .names = ClassWords()})
          .Add("quality", &ModelOptions::quality, {.doc = "Its class.", .names = ClassWords()})
          .Add("ends", &ModelOptions::ends, {.doc = "The day its vendor takes it down."})
          .Map("prices", &ModelOptions::prices, PriceTable(),
               {.doc = "By the first day they hold (2026-10-01, in UTC), or always. They take the "
                       "place of all that ship."});
  return table;
}

}  // namespace signalbox::catalog
