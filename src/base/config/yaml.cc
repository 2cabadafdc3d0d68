#include "base/config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "base/config/values.h"

namespace signalbox::config {
namespace {

// Ends parsing at a fault that nothing after it can be judged without.
struct Stop {
  YamlPlace place;
  std::string message;
};

// Turns yaml-cpp's marks (bytes from 0) into places (characters from 1).
class Places {
 public:
  explicit Places(std::string_view text) : text_(text), starts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') {
        starts_.push_back(i + 1);
      }
    }
  }

  YamlPlace At(int line, int column_bytes) const {
    if (line < 0 || static_cast<std::size_t>(line) >= starts_.size()) {
      return {static_cast<int>(starts_.size()), 1};
    }
    const std::size_t start = starts_[static_cast<std::size_t>(line)];
    const std::size_t end =
        std::min(start + static_cast<std::size_t>(std::max(column_bytes, 0)), text_.size());
    if (end < counted_to_ || counted_from_ != start) {
      counted_from_ = counted_to_ = start;
      characters_ = 0;
    }
    for (; counted_to_ < end; ++counted_to_) {
      characters_ += (static_cast<unsigned char>(text_[counted_to_]) & 0xC0) != 0x80 ? 1 : 0;
    }
    return {line + 1, 1 + characters_};
  }
  YamlPlace At(const YAML::Mark& mark) const { return At(mark.line, mark.column); }
  // The text from the mark on.
  std::string_view From(const YAML::Mark& mark) const {
    const auto rest = FromLine(mark.line);
    return rest.substr(std::min(static_cast<std::size_t>(std::max(mark.column, 0)), rest.size()));
  }
  std::string_view FromLine(int line) const {
    const bool inside = line >= 0 && static_cast<std::size_t>(line) < starts_.size();
    return text_.substr(inside ? starts_[static_cast<std::size_t>(line)] : text_.size());
  }
  // The first tab before the first other character of the mark's line.
  std::optional<YamlPlace> IndentingTab(const YAML::Mark& mark) const {
    const auto line = FromLine(mark.line);
    const auto indentation = line.substr(0, line.find_first_not_of(" \t"));
    const auto tab = indentation.find('\t');
    return tab == line.npos ? std::nullopt : std::optional(At(mark.line, static_cast<int>(tab)));
  }
  YamlPlace AtOffset(std::size_t offset) const {
    const auto next = std::ranges::upper_bound(starts_, offset);
    const auto line = static_cast<int>(next - starts_.begin()) - 1;
    return At(line, static_cast<int>(offset - starts_[static_cast<std::size_t>(line)]));
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
  // How far the line at counted_from_ is counted: marks come in order, and a line may be very long.
  mutable std::size_t counted_from_ = 0;
  mutable std::size_t counted_to_ = 0;
  mutable int characters_ = 0;
};

// yaml-cpp takes the end of the text for the end of a quoted text: `key: "abc` passes. False when
// `text` begins (after an anchor or tag) with a quote that is never closed.
bool IsClosed(std::string_view text) {
  while (text.starts_with('&') || text.starts_with('!')) {
    text.remove_prefix(std::min(text.find_first_of(" \t\r\n"), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  }
  if (!text.starts_with('"') && !text.starts_with('\'')) {
    return true;  // | and > end where their indentation ends
  }
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote && quote == '\'' && text.substr(i + 1).starts_with('\'')) {
      ++i;
    } else if (text[i] == quote) {
      return true;
    }
  }
  return false;
}

class Builder final : public YAML::EventHandler {
 public:
  Builder(const std::string& name, const Places& places, std::vector<Problem>& problems)
      : name_(name), places_(places), problems_(problems) {}

  YamlPointer Root() const { return root_ ? root_ : std::make_shared<const YamlNode>(); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) {
      throw Stop{places_.At(mark), "a second document; a configuration is one"};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Leaf(Make(YamlNode::Kind::kNull, mark), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = Make(YamlNode::Kind::kScalar, mark);
    node->text = value;
    node->quoted = tag == "!";
    if (node->quoted && !IsClosed(places_.From(mark))) {
      throw Stop{node->place, "a quote is never closed"};
    }
    RefuseTag(tag, node->place);
    Leaf(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto place = places_.At(mark);
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end() || !target->second) {
      throw Stop{place, "an alias inside of what it stands for"};
    }
    Count(target->second->expanded_size, place);
    auto copy = std::make_shared<YamlNode>(*target->second);
    copy->place = place;
    Put(std::move(copy));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(Make(YamlNode::Kind::kSequence, mark), tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(Make(YamlNode::Kind::kMap, mark), tag, anchor);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

 private:
  struct Frame {
    std::shared_ptr<YamlNode> node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;                // a map: the next node is the value of `key`
    std::optional<YamlMember> key = {};  // empty: the key was refused, its value is dropped
    std::map<std::string, int, std::less<>> lines = {};  // of the keys so far
  };

  void Complain(YamlPlace place, std::string message) {
    problems_.push_back(
        {{.kind = Source::Kind::kFile, .name = name_, .line = place.line, .column = place.column},
         std::move(message)});
  }

  void Count(std::size_t nodes, YamlPlace place) {
    nodes_ += nodes;
    if (nodes_ > kMaxYamlNodes) {
      throw Stop{place, fmt::format("more than {} values, aliases written out", kMaxYamlNodes)};
    }
  }

  std::shared_ptr<YamlNode> Make(YamlNode::Kind kind, const YAML::Mark& mark) {
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->place = places_.At(mark);
    Count(1, node->place);
    return node;
  }

  void RefuseTag(const std::string& tag, YamlPlace place) {
    if (tag != "?" && tag != "!" && !tag.empty()) {
      Complain(place, "tags (!name) are not supported; write the plain value");
    }
  }

  void Leaf(std::shared_ptr<YamlNode> node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      anchors_[anchor] = node;
    }
    Put(std::move(node));
  }

  void Open(std::shared_ptr<YamlNode> node, const std::string& tag, YAML::anchor_t anchor) {
    RefuseTag(tag, node->place);
    if (open_.size() >= kMaxYamlDepth) {
      throw Stop{node->place, fmt::format("nested deeper than {} levels", kMaxYamlDepth)};
    }
    if (anchor != 0) {
      anchors_[anchor] = nullptr;  // until it is closed
    }
    open_.push_back({.node = std::move(node), .anchor = anchor});
  }

  void Close() {
    auto frame = std::move(open_.back());
    open_.pop_back();
    if (frame.anchor != 0) {
      anchors_[frame.anchor] = frame.node;
    }
    Put(std::move(frame.node));
  }

  void Put(std::shared_ptr<YamlNode> node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = open_.back();
    frame.node->expanded_size += node->expanded_size;
    if (frame.node->kind == YamlNode::Kind::kSequence) {
      frame.node->items.push_back(std::move(node));
    } else if (!frame.has_key) {
      frame.has_key = true;
      frame.key = Key(frame, *node);
    } else {
      frame.has_key = false;
      if (frame.key) {
        if (node->kind == YamlNode::Kind::kNull && node->place.line > frame.key->place.line) {
          node->place = frame.key->place;  // nothing stands there; yaml-cpp names what comes next
        }
        frame.key->value = std::move(node);
        frame.node->members.push_back(*std::move(frame.key));
      }
    }
  }

  std::optional<YamlMember> Key(Frame& frame, const YamlNode& node) {
    if (node.kind != YamlNode::Kind::kScalar) {
      Complain(node.place, "a key must be a plain text");
      return std::nullopt;
    }
    if (node.text == "<<" && !node.quoted) {
      Complain(node.place, "merge keys (<<) are not supported; write the keys out");
      return std::nullopt;
    }
    const auto [first, fresh] = frame.lines.emplace(node.text, node.place.line);
    if (!fresh) {
      Complain(node.place, fmt::format("duplicate key \"{}\", first written in line {}",
                                       KeyText(node.text), first->second));
      return std::nullopt;
    }
    return YamlMember{node.text, node.place, nullptr};
  }

  const std::string& name_;
  const Places& places_;
  std::vector<Problem>& problems_;
  std::shared_ptr<const YamlNode> root_;
  std::vector<Frame> open_;
  std::map<YAML::anchor_t, std::shared_ptr<const YamlNode>> anchors_;
  std::size_t nodes_ = 0;
};

// What yaml-cpp found, in words for whoever wrote the file. Its own message may repeat text of the
// file, so only known beginnings of it are looked at.
std::string SyntaxMessage(const std::string& found) {
  using namespace YAML::ErrorMsg;
  static const std::pair<std::string_view, std::string_view> kSentences[] = {
      {TAB_IN_INDENTATION, "a tab in the indentation; use spaces"},
      {END_OF_MAP_FLOW, "expected , or } in a { … } section; is one missing?"},
      {END_OF_SEQ_FLOW, "expected , or ] in a [ … ] list; is one missing?"},
      {END_OF_MAP, "expected a key of this section here; check the indentation and missing colons"},
      {END_OF_SEQ, "expected a list item (- …) here; check the indentation"},
      {EOF_IN_SCALAR, "a quote is never closed"},
      {DOC_IN_SCALAR, "a quote is not closed before --- or ..."},
      {FLOW_END, "a closing ] or } without its opening"},
      {BLOCK_ENTRY, "a list item (- …) cannot stand here"},
      {MAP_KEY, "a key cannot stand here; check the indentation"},
      {MAP_VALUE, "a value (after a colon) cannot stand here; quote text that holds \": \""},
      {INVALID_ESCAPE, "an unknown escape in a double-quoted text; write \\\\ for a backslash"},
      {INVALID_HEX, "a bad hexadecimal escape in a double-quoted text"},
      {INVALID_UNICODE, "an escape that is no Unicode character"},
      {UNKNOWN_ANCHOR,
       "an alias (*name) without its anchor (&name); quote text that begins with *"},
      {ALIAS_NOT_FOUND, "a * without a name; quote text that begins with *"},
      {ANCHOR_NOT_FOUND, "an & without a name; quote text that begins with &"},
      {CHAR_IN_ALIAS, "text after * that is no alias; quote text that begins with *"},
      {CHAR_IN_ANCHOR, "text after & that is no anchor; quote text that begins with &"},
      {UNKNOWN_TOKEN,
       "a character that cannot begin a value; quote text that begins with @, ` or %"},
      {CHAR_IN_BLOCK, "text after | or > that is no block header"},
  };
  for (const auto& [beginning, sentence] : kSentences) {
    if (found.starts_with(beginning)) {
      return std::string(sentence);
    }
  }
  return "this is not valid YAML";
}

// Refuses what yaml-cpp would misread: it takes U+0004 for the end of the text, for one.
void CheckBytes(std::string_view text, const Places& places) {
  if (std::size_t bad = 0; !IsUtf8(text, &bad)) {
    throw Stop{places.AtOffset(bad), "not UTF-8 text"};
  }
  const auto control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') ||
           c == 0x7f;
  };
  if (const auto bad = std::ranges::find_if(text, control); bad != text.end()) {
    throw Stop{places.AtOffset(static_cast<std::size_t>(bad - text.begin())),
               "a control character"};
  }
}

}  // namespace

std::string KeyText(std::string_view key) {
  constexpr std::size_t kMaxShown = 64;
  std::string out(key.substr(0, kMaxShown));
  while (!out.empty() && !IsUtf8(out)) {
    out.pop_back();
  }
  for (char& c : out) {
    c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return key.size() > kMaxShown ? out + "…" : out;
}

YamlPointer ParseYaml(const std::string& name, const std::string& text,
                      std::vector<Problem>& problems) {
  const Places places(text);
  const auto stop = [&](YamlPlace place, std::string message) {
    problems.push_back(
        {{.kind = Source::Kind::kFile, .name = name, .line = place.line, .column = place.column},
         std::move(message)});
    return nullptr;
  };
  try {
    CheckBytes(text, places);
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Builder builder(name, places, problems);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.Root();
  } catch (const Stop& fault) {
    return stop(fault.place, fault.message);
  } catch (const YAML::Exception& fault) {
    if (const auto tab = places.IndentingTab(fault.mark)) {
      return stop(*tab, "a tab in the indentation; use spaces");
    }
    return stop(places.At(fault.mark), SyntaxMessage(fault.msg));
  } catch (const std::exception&) {
    return stop({1, 1}, "this is not valid YAML");
  }
}

}  // namespace signalbox::config
