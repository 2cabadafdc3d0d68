// Numbers, booleans, names, durations and sizes. Texts are in codec_text.cc.
#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/config/spec.h"

namespace signalbox::config {
namespace {

// " from 1s to 1h", " of at least 1", "" as `spec` bounds it; `text` writes one bound.
template <typename TextOf>
std::string Range(const Spec& spec, TextOf text) {
  if (spec.min && spec.max) {
    return fmt::format(" from {} to {}", text(spec.min->value()), text(spec.max->value()));
  }
  if (spec.min) {
    return fmt::format(" of at least {}", text(spec.min->value()));
  }
  return spec.max ? fmt::format(" of at most {}", text(spec.max->value())) : "";
}

bool Within(double value, const Spec& spec) {
  return (!spec.min || value >= spec.min->value()) && (!spec.max || value <= spec.max->value());
}

std::string Names(const Spec& spec) {
  std::string out;
  for (std::size_t i = 0; i < spec.names.size(); ++i) {
    out += i == 0 ? "" : i + 1 == spec.names.size() ? " or " : ", ";
    out += spec.names[i].name;
  }
  return out;
}

const Word* FindWord(const Spec& spec, std::string_view name) {
  for (const Word& word : spec.names) {
    if (word.name == name) {
      return &word;
    }
  }
  return nullptr;
}

const Word* FindWord(const Spec& spec, std::int64_t value) {
  for (const Word& word : spec.names) {
    if (word.value == value) {
      return &word;
    }
  }
  return nullptr;
}

// Integers of every width live in memory as their type has them (little endian, 1 to 8 bytes).
static_assert(std::endian::native == std::endian::little);

void Store(void* slot, std::int64_t value, std::size_t size) {
  std::memcpy(slot, &value, size);
}

std::int64_t Fetch(const void* slot, std::size_t size, bool is_signed) {
  std::int64_t value = 0;
  std::memcpy(&value, slot, size);
  const auto shift = static_cast<int>(64 - 8 * size);
  if (is_signed && shift > 0) {
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << shift) >> shift;
  }
  return value;
}

class Bool final : public Codec {
 public:
  Kind kind() const override { return Kind::kBool; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    if (text != "true" && text != "false") {
      return "expected " + Expected(spec);
    }
    *static_cast<bool*>(slot) = text == "true";
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return *static_cast<const bool*>(slot) ? "true" : "false";
  }
  std::string Expected(const Spec&) const override { return "true or false"; }
};

// Decimal, without leading zeros (010 is eight to some readers of YAML and ten to others).
template <typename I>
std::optional<I> ParseWhole(std::string_view text) {
  I value = 0;
  const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.size() > 1 && digits.front() == '0') {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

class Int final : public Codec {
 public:
  Int(std::size_t size, bool is_signed) : size_(size), signed_(is_signed) {}

  Kind kind() const override { return Kind::kInt; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    if (const Word* word = FindWord(spec, text)) {
      Store(slot, word->value, size_);
      return {};
    }
    const auto value = signed_ ? ParseWhole<std::int64_t>(text) : ParseUnsigned(text);
    if (!value || !Fits(*value) || !Within(AsDouble(*value), spec)) {
      return "expected " + Expected(spec);
    }
    Store(slot, *value, size_);
    return {};
  }
  std::string Write(const Spec& spec, const void* slot) const override {
    const std::int64_t value = Fetch(slot, size_, signed_);
    if (const Word* word = FindWord(spec, value)) {
      return word->name;
    }
    return signed_ ? fmt::format("{}", value)
                   : fmt::format("{}", static_cast<std::uint64_t>(value));
  }
  std::string Expected(const Spec& spec) const override {
    Spec limits;
    limits.min = spec.min ? spec.min : signed_ ? std::nullopt : std::optional<Bound>(0);
    limits.max = spec.max || size_ >= 4 ? spec.max : std::optional<Bound>(Largest());
    const auto number = [](double bound) { return fmt::format("{:.0f}", bound); };
    return fmt::format("a whole number{}{}{}{}", spec.unit.empty() ? "" : " of ", spec.unit,
                       Range(limits, number), spec.names.empty() ? "" : ", or " + Names(spec));
  }

 private:
  static std::optional<std::int64_t> ParseUnsigned(std::string_view text) {
    const auto value = ParseWhole<std::uint64_t>(text);
    return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
  }
  std::uint64_t Largest() const { return ~0ULL >> (64 - 8 * size_ + (signed_ ? 1 : 0)); }
  bool Fits(std::int64_t value) const {
    if (!signed_) {
      return static_cast<std::uint64_t>(value) <= Largest();
    }
    const auto largest = static_cast<std::int64_t>(Largest());
    return value <= largest && value >= -largest - 1;
  }
  double AsDouble(std::int64_t value) const {
    return signed_ ? static_cast<double>(value)
                   : static_cast<double>(static_cast<std::uint64_t>(value));
  }

  std::size_t size_;
  bool signed_;
};

class Double final : public Codec {
 public:
  Kind kind() const override { return Kind::kDouble; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) ||
        !Within(value, spec)) {
      return "expected " + Expected(spec);
    }
    *static_cast<double*>(slot) = value;
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return fmt::format("{}", *static_cast<const double*>(slot));
  }
  std::string Expected(const Spec& spec) const override {
    const auto number = [](double bound) { return fmt::format("{:g}", bound); };
    return fmt::format("a number{}{}{}", spec.unit.empty() ? "" : " of ", spec.unit,
                       Range(spec, number));
  }
};

class Duration final : public Codec {
 public:
  explicit Duration(std::int64_t tick) : tick_(tick) {}

  Kind kind() const override { return Kind::kDuration; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    const auto value = ParseDuration(text);
    if (!value || !Within(static_cast<double>(value->count()), spec)) {
      return "expected " + Expected(spec);
    }
    if (value->count() % tick_ != 0) {
      return fmt::format("expected whole steps of {}",
                         DurationText(std::chrono::nanoseconds(tick_)));
    }
    Store(slot, value->count() / tick_, sizeof(std::int64_t));
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return DurationText(std::chrono::nanoseconds(Fetch(slot, sizeof(std::int64_t), true) * tick_));
  }
  std::string Expected(const Spec& spec) const override {
    const auto text = [](double ns) {
      return DurationText(std::chrono::nanoseconds(static_cast<std::int64_t>(ns)));
    };
    return fmt::format("a duration{}, such as 300ms, 10s, 5m, 2h or 7d", Range(spec, text));
  }

 private:
  std::int64_t tick_;
};

class Size final : public Codec {
 public:
  Kind kind() const override { return Kind::kSize; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    const auto value = ParseByteSize(text);
    if (!value || !Within(static_cast<double>(value->bytes), spec)) {
      return "expected " + Expected(spec);
    }
    *static_cast<ByteSize*>(slot) = *value;
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return ByteSizeText(*static_cast<const ByteSize*>(slot));
  }
  std::string Expected(const Spec& spec) const override {
    const auto text = [](double n) { return ByteSizeText({static_cast<std::uint64_t>(n)}); };
    return fmt::format("a size{}, such as 512B, 64KiB, 32MiB or 1GB", Range(spec, text));
  }
};

class Name final : public Codec {
 public:
  explicit Name(std::size_t size) : size_(size) {}

  Kind kind() const override { return Kind::kName; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    const Word* word = FindWord(spec, text);
    if (word == nullptr) {
      return "expected " + Expected(spec);
    }
    Store(slot, word->value, size_);
    return {};
  }
  std::string Write(const Spec& spec, const void* slot) const override {
    const std::int64_t value = Fetch(slot, size_, false);
    for (const Word& word : spec.names) {
      if (std::memcmp(&word.value, &value, size_) == 0) {
        return word.name;
      }
    }
    return {};
  }
  std::string Expected(const Spec& spec) const override { return Names(spec); }

 private:
  std::size_t size_;
};

}  // namespace

const Codec& BoolCodec() {
  static const Bool codec;
  return codec;
}

const Codec& IntCodec(std::size_t size, bool is_signed) {
  static const Int codecs[] = {{1, false}, {2, false}, {4, false}, {8, false},
                               {1, true},  {2, true},  {4, true},  {8, true}};
  return codecs[static_cast<std::size_t>(std::countr_zero(size)) + (is_signed ? 4 : 0)];
}

const Codec& DoubleCodec() {
  static const Double codec;
  return codec;
}

const Codec& DurationCodec(std::int64_t nanoseconds_per_tick) {
  static const Duration codecs[] = {Duration(1),
                                    Duration(1'000),
                                    Duration(1'000'000),
                                    Duration(1'000'000'000),
                                    Duration(60'000'000'000),
                                    Duration(3'600'000'000'000),
                                    Duration(86'400'000'000'000)};
  switch (nanoseconds_per_tick) {
    case 1:
      return codecs[0];
    case 1'000:
      return codecs[1];
    case 1'000'000:
      return codecs[2];
    case 1'000'000'000:
      return codecs[3];
    case 60'000'000'000:
      return codecs[4];
    case 3'600'000'000'000:
      return codecs[5];
    default:
      return codecs[6];
  }
}

const Codec& ByteSizeCodec() {
  static const Size codec;
  return codec;
}

const Codec& NameCodec(std::size_t size) {
  static const Name codecs[] = {Name(1), Name(2), Name(4), Name(8)};
  return codecs[std::countr_zero(size)];
}

}  // namespace signalbox::config
