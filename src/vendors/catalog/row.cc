#include "vendors/catalog/row.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vendors/catalog/rate.h"

namespace signalbox::catalog {
namespace {

using core::Status;
using Text = std::string_view;

template <typename V>
Status Take(Text word, const std::optional<V>& value, Text expected, auto& out) {
  if (!value) {
    return Wrong(word, expected);
  }
  out = *value;
  return {};
}

// nullopt: no key of a model.
std::optional<Status> ReadKey(Text word, Text key, Text value, Model& model) {
  if (key == "context") {
    return Take(word, ReadTokens(value), "a number of tokens", model.context);
  }
  if (key == "max_output") {
    return Take(word, ReadTokens(value), "a number of tokens", model.max_output);
  }
  if (auto read = ReadCapability(key, value, model.capabilities)) {
    return read;
  }
  if (key == "ends") {
    return Take(word, ReadDay(value), "a day such as 2026-08-01", model.ends);
  }
  if (key == "speed") {
    return Take(word, FindClass(value), "low, medium or high", model.speed);
  }
  if (key == "quality") {
    return Take(word, FindClass(value), "low, medium or high", model.quality);
  }
  if (key == "dialect" || key == "privacy" || key == "region") {
    return ReadProviderWord(word, model);
  }
  return std::nullopt;
}

// The prices of a row, one after another: `from` ends one and begins the next.
class PriceReader {
 public:
  Status From(Text word, Text value) {
    const auto day = ReadDay(value);
    if (!day) {
      return Wrong(word, "a day such as 2026-08-01");
    }
    Close();
    from_ = day;
    open_ = true;
    return {};
  }
  void Add(const Rate& rate) {
    rates_.push_back(rate);
    open_ = true;
  }
  std::vector<Price> Take() {
    Close();
    return std::move(prices_);
  }

 private:
  void Close() {
    if (open_) {
      const auto after = std::ranges::upper_bound(prices_, from_, {}, &Price::from);
      prices_.emplace(after, from_, std::exchange(rates_, {}));
    }
    from_.reset();
    open_ = false;
  }

  std::optional<std::chrono::sys_days> from_;
  std::vector<Rate> rates_;
  bool open_ = false;
  std::vector<Price> prices_;  // by their first day
};

Status ReadWord(Text word, Model& model, PriceReader& prices) {
  const std::size_t equals = word.rfind('=');
  if (equals == Text::npos) {
    return Take(word, FindMode(word), "key=value or a mode such as chat", model.mode);
  }
  const Text key = word.substr(0, equals);
  const Text value = word.substr(equals + 1);
  if (key == "from") {
    return prices.From(word, value);
  }
  if (const auto read = ReadKey(word, key, value, model)) {
    return *read;
  }
  SB_TRY(const Rate rate, ReadRate(word));
  prices.Add(rate);
  return {};
}

}  // namespace

bool IsPlainWord(Text text) {
  return !text.empty() && text != "provider" && text != "*" &&
         text.find_first_of(" \t\r\n#=") == Text::npos;
}

std::string_view TakeWord(Text& rest) {
  const std::size_t begin = rest.find_first_not_of(" \t\r");
  if (begin == Text::npos) {
    return rest = {};
  }
  const std::size_t end = std::min(rest.find_first_of(" \t\r", begin), rest.size());
  const Text word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

Status ReadProviderWord(Text word, Model& model) {
  const std::size_t equals = word.find('=');
  const Text key = word.substr(0, equals);
  const Text value = equals == Text::npos ? Text() : word.substr(equals + 1);
  if (key == "privacy") {
    return Take(word, FindPrivacy(value), "cloud or local", model.privacy);
  }
  if ((key != "dialect" && key != "region") || !IsPlainWord(value)) {
    return Wrong(word, "dialect=…, privacy=… or region=…");
  }
  (key == "dialect" ? model.dialect : model.region) = value;
  return {};
}

Status ReadRow(Text line, Model& model) {
  model.id = TakeWord(line);
  if (model.id.empty()) {
    return Wrong(line, "the id of a model");
  }
  PriceReader prices;
  for (Text word = TakeWord(line); !word.empty(); word = TakeWord(line)) {
    SB_CHECK_OK(ReadWord(word, model, prices));
  }
  if (auto read = prices.Take(); !read.empty()) {
    model.prices = std::move(read);
  }
  return {};
}

std::string RowText(const Model& model) {
  std::string out = fmt::format("{} {}", model.id, Name(model.mode));
  const auto add = [&out](Text key, Text value) { out.append(" ").append(key).append(value); };
  if (model.context > 0) {
    add("context=", std::to_string(model.context));
  }
  if (model.max_output > 0) {
    add("max_output=", std::to_string(model.max_output));
  }
  out += CapabilityText(model.capabilities);
  if (!model.region.empty()) {
    add("region=", model.region);
  }
  if (model.speed != Class::kUnknown) {
    add("speed=", Name(model.speed));
  }
  if (model.quality != Class::kUnknown) {
    add("quality=", Name(model.quality));
  }
  if (model.ends) {
    add("ends=", DayText(*model.ends));
  }
  for (const Price& price : model.prices) {
    if (price.from()) {
      add("from=", DayText(*price.from()));
    }
    for (const Rate& rate : price.rates()) {
      add("", RateText(rate));
    }
  }
  return out;
}

}  // namespace signalbox::catalog
