// Texts, lists of them, addresses and secrets.
#include <fmt/format.h>

#include <algorithm>

#include "base/config/spec.h"

namespace signalbox::config {
namespace {

bool HasControl(std::string_view text, bool lines_allowed) {
  return std::ranges::any_of(text, [lines_allowed](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && !(lines_allowed && (c == '\n' || c == '\t'))) || byte == 0x7f;
  });
}

Complaint Plain(std::string_view text, bool lines_allowed) {
  if (!IsUtf8(text)) {
    return "is not UTF-8 text";
  }
  if (HasControl(text, lines_allowed)) {
    return "holds a control character; is there a line break at its end?";
  }
  return {};
}

bool CountFits(std::size_t count, const Spec& spec) {
  const auto number = static_cast<double>(count);
  return (!spec.min || number >= spec.min->value()) && (!spec.max || number <= spec.max->value());
}

std::string CountRange(const Spec& spec, std::string_view what) {
  if (spec.min && spec.max) {
    return fmt::format(" of {:.0f} to {:.0f} {}", spec.min->value(), spec.max->value(), what);
  }
  if (spec.min) {
    return fmt::format(" of at least {:.0f} {}", spec.min->value(), what);
  }
  return spec.max ? fmt::format(" of at most {:.0f} {}", spec.max->value(), what) : "";
}

class Text final : public Codec {
 public:
  Kind kind() const override { return Kind::kText; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    if (auto complaint = Plain(text, /*lines_allowed=*/true)) {
      return complaint;
    }
    if (!CountFits(text.size(), spec)) {
      return "expected " + Expected(spec);
    }
    *static_cast<std::string*>(slot) = text;
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return *static_cast<const std::string*>(slot);
  }
  std::string Expected(const Spec& spec) const override {
    return "a text" + CountRange(spec, "bytes");
  }
};

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    auto item = text.substr(0, comma);
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    item.remove_suffix(item.size() - std::min(item.find_last_not_of(" \t") + 1, item.size()));
    items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

class List final : public Codec {
 public:
  Kind kind() const override { return Kind::kList; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    return ReadItems(SplitAtCommas(text), spec, slot);
  }
  std::string Write(const Spec&, const void* slot) const override {
    return fmt::format("{}", fmt::join(*static_cast<const std::vector<std::string>*>(slot), ","));
  }
  std::string Expected(const Spec& spec) const override {
    return fmt::format("a list{}, such as [a, b]", CountRange(spec, "texts"));
  }
};

class Address final : public Codec {
 public:
  Kind kind() const override { return Kind::kHostPort; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    auto value = ParseHostPort(text);
    if (!value) {
      return "expected " + Expected(spec);
    }
    *static_cast<HostPort*>(slot) = *std::move(value);
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    const auto& value = *static_cast<const HostPort*>(slot);
    return value.host.empty() ? "" : value.Text();
  }
  std::string Expected(const Spec&) const override {
    return "a host and a port, such as 127.0.0.1:8080, [::1]:8080 or localhost:8080";
  }
};

class Location final : public Codec {
 public:
  Kind kind() const override { return Kind::kUrl; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    auto value = ParseUrl(text);
    if (!value || std::ranges::find(spec.schemes, value->scheme) == spec.schemes.end()) {
      return "expected " + Expected(spec);
    }
    if (!value->user.empty() && !spec.secret) {
      return "holds a user or password; an address is printed, so keep credentials out of it";
    }
    *static_cast<Url*>(slot) = *std::move(value);
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return static_cast<const Url*>(slot)->text;
  }
  bool Equal(const Spec&, const void* a, const void* b) const override {
    return *static_cast<const Url*>(a) == *static_cast<const Url*>(b);
  }
  std::string Expected(const Spec& spec) const override {
    return fmt::format("an address that begins with {}:// and names a host",
                       fmt::join(spec.schemes, ":// or "));
  }
};

class Hidden final : public Codec {
 public:
  Kind kind() const override { return Kind::kSecret; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    if (auto complaint = Plain(text, /*lines_allowed=*/false)) {
      return complaint;
    }
    if (!CountFits(text.size(), spec)) {
      return "expected " + Expected(spec);
    }
    *static_cast<Secret*>(slot) = Secret(std::string(text));
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return static_cast<const Secret*>(slot)->empty() ? "" : "<set>";
  }
  bool Equal(const Spec&, const void* a, const void* b) const override {
    return *static_cast<const Secret*>(a) == *static_cast<const Secret*>(b);
  }
  std::string Expected(const Spec& spec) const override {
    return fmt::format("a secret text{}, best as ${{VARIABLE}} or {{ file: PATH }}",
                       CountRange(spec, "bytes"));
  }
};

}  // namespace

Complaint ReadItems(std::vector<std::string> items, const Spec& spec, void* slot) {
  for (const std::string& item : items) {
    if (auto complaint = Plain(item, /*lines_allowed=*/true)) {
      return complaint;
    }
    if (item.empty()) {
      return "expected no empty items in the list";
    }
  }
  if (!CountFits(items.size(), spec)) {
    return "expected " + ListCodec().Expected(spec);
  }
  *static_cast<std::vector<std::string>*>(slot) = std::move(items);
  return {};
}

const Codec& TextCodec() {
  static const Text codec;
  return codec;
}

const Codec& ListCodec() {
  static const List codec;
  return codec;
}

const Codec& HostPortCodec() {
  static const Address codec;
  return codec;
}

const Codec& UrlCodec() {
  static const Location codec;
  return codec;
}

const Codec& SecretCodec() {
  static const Hidden codec;
  return codec;
}

}  // namespace signalbox::config
