// The outside of a request's body: the few facts that its way through the gateway needs, where they
// stand in the text, and the edits that make the text fit for an upstream. The inside (messages,
// tools, parameters) stays as it was written.
//
// Owner: the request. Threads: plain data. Views are valid as long as the body's text and document.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::chat {

// What is asked of a model. The numbers stand in the ledger: they never change.
enum class Operation : std::uint8_t {
  kChat = 1,
  kEmbeddings = 2,
  kCompletions = 3,  // OpenAI's older form: a text that is to be gone on with
  kCountTokens = 4,  // of a chat request, without an answer
  kRerank = 5,
  kModerations = 6,
  kTranscriptions = 7,  // speech to text
  kSpeech = 8,          // text to speech
  kImages = 9,          // made from a text
  kGenerate = 10,       // Ollama's form of a single prompt
};
std::string_view Name(Operation operation);

// Half-open range of offsets in the body's text.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool empty() const { return begin == end; }
};

struct Envelope {
  Operation operation = Operation::kChat;
  std::string model;    // unescaped; empty when the body names none
  Stretch model_value;  // the JSON string with its quotes
  bool stream = false;
  bool wants_usage = false;           // stream_options.include_usage is true
  Stretch stream_options;             // the value of that member; empty when absent
  bool stream_options_empty = false;  // it is an object without members
  bool stream_options_null = false;   // it is null
  Stretch include_usage;              // the value of include_usage inside it; empty when absent
  std::size_t root_end = 0;           // offset of the closing brace of the body
  bool root_empty = false;            // the body is an object without members
};

// Replaces `where` by `text`; an empty stretch inserts.
struct Edit {
  Stretch where;
  std::string text;
};

// Edits in ascending order, not overlapping.
class EditList {
 public:
  static constexpr std::size_t kMost = 4;

  // At most kMost times.
  void Add(Stretch where, std::string text) { edits_.at(size_++) = {where, std::move(text)}; }
  bool empty() const { return size_ == 0; }
  std::span<const Edit> all() const { return {edits_.data(), size_}; }

  // The edited body as pieces of `text` and of the edits, for a gathered write. Appends to `out`.
  void Apply(std::string_view text, std::vector<std::string_view>& out) const;

 private:
  std::array<Edit, kMost> edits_;
  std::size_t size_ = 0;
};

}  // namespace signalbox::chat
