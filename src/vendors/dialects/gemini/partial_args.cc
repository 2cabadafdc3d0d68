#include "vendors/dialects/gemini/partial_args.h"

#include <charconv>

namespace signalbox::gemini {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kFurthestGap = 64;  // elements that may be missing before one that came

// ['key'] or ["key"] or [3], without the brackets; false when it is none of them.
bool ReadBracket(std::string_view inside, std::string& key, std::size_t& index, bool& in_list) {
  if (inside.size() >= 2 && (inside.front() == '\'' || inside.front() == '"')) {
    key = std::string(inside.substr(1, inside.size() - 2));
    return inside.back() == inside.front();
  }
  in_list = true;
  const auto [end, error] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
  return error == std::errc{} && end == inside.data() + inside.size();
}

// Where the bracket that `path` begins with closes; npos when it does not. A quoted key may hold
// brackets.
std::size_t CloseOf(std::string_view path) {
  if (path.size() > 1 && (path[1] == '\'' || path[1] == '"')) {
    const std::size_t quote = path.find(std::string{path[1], ']'}, 2);
    return quote == std::string_view::npos ? quote : quote + 1;
  }
  return path.find(']');
}

}  // namespace

bool PartialArgs::ReadPath(std::string_view path, std::vector<Step>& out) {
  if (!path.starts_with('$')) {
    return false;
  }
  path.remove_prefix(1);
  while (!path.empty() && out.size() < kDeepest) {
    Step step;
    std::size_t end = 0;
    if (path.front() == '.') {
      end = std::min(path.find_first_of(".[", 1), path.size());
      step.key = std::string(path.substr(1, end - 1));
    } else {
      const std::size_t close = path.front() == '[' ? CloseOf(path) : std::string_view::npos;
      if (close == std::string_view::npos ||
          !ReadBracket(path.substr(1, close - 1), step.key, step.index, step.in_list)) {
        return false;
      }
      end = close + 1;
    }
    out.push_back(std::move(step));
    path.remove_prefix(end);
  }
  return path.empty() && !out.empty();
}

// What was something else before begins anew.
void PartialArgs::Become(json::Kind kind, Node& out) {
  if (out.kind != kind) {
    out = Node{};
    out.kind = kind;
  }
}

PartialArgs::Node* PartialArgs::Child(Node& parent, const Step& step) {
  if (step.in_list) {
    Become(json::Kind::kArray, parent);
    if (step.index > parent.items.size() + kFurthestGap) {
      return nullptr;
    }
    if (step.index >= parent.items.size()) {
      parent.items.resize(step.index + 1);
    }
    return &parent.items[step.index];
  }
  Become(json::Kind::kObject, parent);
  for (std::size_t i = 0; i < parent.keys.size(); ++i) {
    if (parent.keys[i] == step.key) {
      return &parent.items[i];
    }
  }
  parent.keys.push_back(step.key);
  return &parent.items.emplace_back();
}

void PartialArgs::Set(const json::Value& part, Node& out) {
  const auto goes_on = part.Find("willContinue");
  if (const auto text = part.Find("stringValue"); text && text->IsString()) {
    if (!out.goes_on) {
      out = Node{};
    }
    Become(json::Kind::kString, out);
    out.scalar += *text->AsString();
  } else if (const auto number = part.Find("numberValue"); number && number->IsNumber()) {
    Become(json::Kind::kNumber, out);
    out.scalar = std::string(number->Raw());
  } else if (const auto flag = part.Find("boolValue"); flag && flag->AsBool()) {
    Become(json::Kind::kBool, out);
    out.scalar = std::string(flag->Raw());
  } else if (part.Find("nullValue")) {
    Become(json::Kind::kNull, out);
  }
  out.goes_on = goes_on && goes_on->AsBool().value_or(false);
}

void PartialArgs::Take(const json::Value& list) {
  if (!list.IsArray()) {
    return;
  }
  json::ForEachElement(list, [&](const json::Value& part) {
    std::vector<Step> steps;
    const auto path = part.Find("jsonPath");
    if (!path || !ReadPath(path->AsString().value_or(""), steps) || steps.front().in_list) {
      return;
    }
    Node* node = &root_;
    for (const Step& step : steps) {
      node = node == nullptr ? nullptr : Child(*node, step);
    }
    if (node != nullptr) {
      Set(part, *node);
    }
  });
}

void PartialArgs::Write(const Node& node, json::Writer& out) {
  switch (node.kind) {
    case json::Kind::kObject:
      out.BeginObject();
      for (std::size_t i = 0; i < node.keys.size(); ++i) {
        out.Key(node.keys[i]);
        Write(node.items[i], out);
      }
      out.EndObject();
      break;
    case json::Kind::kArray:
      out.BeginArray();
      for (const Node& item : node.items) {
        Write(item, out);
      }
      out.EndArray();
      break;
    case json::Kind::kString:
      out.String(node.scalar);
      break;
    case json::Kind::kNumber:
    case json::Kind::kBool:
      out.Raw(node.scalar);
      break;
    case json::Kind::kNull:
      out.Null();
      break;
  }
}

std::string PartialArgs::Text() const {
  std::string text;
  json::Writer out(text);
  if (root_.kind == json::Kind::kObject) {
    Write(root_, out);
  } else {
    out.BeginObject().EndObject();
  }
  return text;
}

}  // namespace signalbox::gemini
