// The arguments of a call that come bit by bit (Vertex AI's streamFunctionCallArguments): values at
// JSON paths, put together into one object.
//
// Owner:   one per call.
// Threads: none of its own.
// Errors:  none; a path or a value that makes no sense says nothing.
// Cancel:  nothing to undo.
// Source:  PartialArg of Vertex AI's reference: jsonPath (RFC 9535), one of stringValue,
//          numberValue, boolValue, nullValue; willContinue: the text goes on in the next one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::gemini {

class PartialArgs {
 public:
  // `list`: the call's partialArgs.
  void Take(const json::Value& list);
  // The arguments so far, as JSON text.
  std::string Text() const;

 private:
  struct Step {
    std::string key;
    std::size_t index = 0;
    bool in_list = false;
  };
  struct Node {
    json::Kind kind = json::Kind::kNull;
    std::string scalar;  // JSON, or the text of a string
    bool goes_on = false;
    std::vector<std::string> keys;  // of an object's items
    std::vector<Node> items;
  };

  static bool ReadPath(std::string_view path, std::vector<Step>& out);
  static void Become(json::Kind kind, Node& out);
  static Node* Child(Node& parent, const Step& step);
  static void Set(const json::Value& part, Node& out);
  static void Write(const Node& node, json::Writer& out);

  Node root_;
};

}  // namespace signalbox::gemini
