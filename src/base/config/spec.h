// What a table says about one option, and how each C++ type is read from and written as text.
//
// Owner:   the table, for the life of the program. Threads: read only.
// Errors:  Read answers with a complaint that says what was expected and never repeats the value.
// Cancel:  nothing waits.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/config/values.h"

namespace signalbox::config {

enum class Kind : std::uint8_t {
  kBool,
  kInt,
  kDouble,
  kText,
  kDuration,
  kSize,
  kName,
  kList,
  kHostPort,
  kUrl,
  kSecret,
};

// A limit: a number, a duration (in nanoseconds) or a size (in bytes); for text it counts bytes,
// for a list its items. Both ends belong to the allowed range.
class Bound {
 public:
  template <std::integral I>
  constexpr Bound(I number) : value_(static_cast<double>(number)) {}
  constexpr Bound(double number) : value_(number) {}
  template <typename Rep, typename Period>
  constexpr Bound(std::chrono::duration<Rep, Period> d)
      : value_(static_cast<double>(std::chrono::nanoseconds(d).count())) {}
  constexpr Bound(ByteSize size) : value_(static_cast<double>(size.bytes)) {}
  constexpr double value() const { return value_; }

 private:
  double value_;
};

// A word that stands for a value: the names of an enum, or `auto` beside the numbers of an int.
struct Word {
  template <typename V>
    requires std::is_enum_v<V> || std::integral<V>
  Word(std::string word, V v) : name(std::move(word)), value(static_cast<std::int64_t>(v)) {}
  std::string name;
  std::int64_t value;
};

// Designated initialisers, in this order.
struct Spec {
  std::string doc;        // one sentence
  std::string unit = {};  // for plain numbers: "requests", "tokens per second"
  std::optional<Bound> min = {};
  std::optional<Bound> max = {};
  std::vector<Word> names = {};  // all names of an enum; extra words of an int
  std::vector<std::string> schemes = {"http", "https"};  // of a Url
  bool required = false;
  bool restart = false;  // a change takes effect at the next start
  bool secret = false;   // shown as <set>; implied by the type Secret
};

using Complaint = std::optional<std::string>;

class Codec {
 public:
  virtual ~Codec() = default;
  virtual Kind kind() const = 0;
  // Reads `text` into *slot. On a complaint *slot is as it was.
  virtual Complaint Read(std::string_view text, const Spec& spec, void* slot) const = 0;
  // Text that Read reads back equal.
  virtual std::string Write(const Spec& spec, const void* slot) const = 0;
  // Whether two values are the same; told apart even where Write shows neither.
  virtual bool Equal(const Spec& spec, const void* a, const void* b) const {
    return Write(spec, a) == Write(spec, b);
  }
  // "a duration from 1s to 1h, such as 30s"
  virtual std::string Expected(const Spec& spec) const = 0;
};

// A list's items as YAML gives them; Read of a list takes them separated by commas.
Complaint ReadItems(std::vector<std::string> items, const Spec& spec, void* slot);

const Codec& BoolCodec();
const Codec& IntCodec(std::size_t size, bool is_signed);
const Codec& DoubleCodec();
const Codec& TextCodec();
const Codec& DurationCodec(std::int64_t nanoseconds_per_tick);
const Codec& ByteSizeCodec();
const Codec& NameCodec(std::size_t size);
const Codec& ListCodec();
const Codec& HostPortCodec();
const Codec& UrlCodec();
const Codec& SecretCodec();

template <typename M>
inline constexpr std::int64_t kTick = 0;  // nanoseconds; 0: not a duration that tables know
template <typename Period>
inline constexpr std::int64_t kTick<std::chrono::duration<std::int64_t, Period>> =
    std::chrono::nanoseconds(std::chrono::duration<std::int64_t, Period>(1)).count();

// The codec of a member's type; a type that is not in this list does not compile.
template <typename M>
const Codec& CodecOf() {
  if constexpr (std::same_as<M, bool>) {
    return BoolCodec();
  } else if constexpr (std::integral<M>) {
    return IntCodec(sizeof(M), std::is_signed_v<M>);
  } else if constexpr (std::is_enum_v<M>) {
    return NameCodec(sizeof(M));
  } else if constexpr (kTick<M> != 0) {
    return DurationCodec(kTick<M>);
  } else if constexpr (std::same_as<M, double>) {
    return DoubleCodec();
  } else if constexpr (std::same_as<M, std::string>) {
    return TextCodec();
  } else if constexpr (std::same_as<M, ByteSize>) {
    return ByteSizeCodec();
  } else if constexpr (std::same_as<M, std::vector<std::string>>) {
    return ListCodec();
  } else if constexpr (std::same_as<M, HostPort>) {
    return HostPortCodec();
  } else if constexpr (std::same_as<M, Url>) {
    return UrlCodec();
  } else {
    static_assert(std::same_as<M, Secret>, "config::Table knows no options of this type");
    return SecretCodec();
  }
}

}  // namespace signalbox::config
