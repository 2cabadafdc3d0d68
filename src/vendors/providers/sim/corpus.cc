#include "vendors/providers/sim/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace signalbox::sim {
namespace {

struct Entry {
  std::vector<std::string_view> cues;  // any of these, as whole words
  std::size_t longest;                 // prompts with more words are about something else
  std::vector<std::string_view> answers;
};

constexpr std::size_t kAnyLength = SIZE_MAX;

const std::vector<Entry>& Entries() {
  static const std::vector<Entry> entries = {
      {{"what is signalbox", "who are you", "what are you", "about signalbox"},
       kAnyLength,
       {"Signalbox is a gateway for language models. Programs speak to it as if it were OpenAI; "
        "it passes each request on to the provider that has the model, streams the answer back as "
        "it comes, and writes down what was used. You are talking to its built-in simulator, which "
        "needs no key and no network."}},
      {{"add a provider", "api key", "real model", "real provider", "connect a provider"},
       kAnyLength,
       {"Put the key of a provider into the environment, for example OPENAI_API_KEY or "
        "MISTRAL_API_KEY, and start Signalbox again; or name it in the configuration file:\n\n"
        "providers:\n  openai: { key: \"${OPENAI_API_KEY}\" }\n\n"
        "Then ask for a model by its name, such as openai/gpt-4o-mini."}},
      {{"help", "what can you do", "how do i use"},
       12,
       {"I am a simulator, so I can do what tests and demonstrations need: echo you (model "
        "sim/echo), call your tools (sim/tools), fill in a JSON schema (sim/json), make "
        "embeddings (sim/embed), answer slowly (sim/slow) and fail in all the ways a script "
        "asks for."}},
      {{"hello", "hi", "hey", "good morning", "good evening", "greetings"},
       6,
       {"Hello! I am Signalbox's built-in simulator. What would you like to try?",
        "Hi there. Signalbox is up and answering; ask me anything, or ask what Signalbox is.",
        "Good to see you. Your request went all the way through the gateway and back."}},
      {{"how are you"}, 8, {"All signals are green, thank you. How can I help?"}},
      {{"thanks", "thank you"}, 8, {"You are welcome.", "My pleasure.", "Any time."}},
      {{"bye", "goodbye", "see you"}, 8, {"Goodbye, and mind the gap.", "See you down the line."}},
      {{"ping"}, 3, {"pong"}},
      {{"joke"},
       kAnyLength,
       {"Why did the packet cross the gateway? The other route had a worse p99.",
        "A token walks into a bar. The bartender says: that will be 0.00015 cents."}},
      {{"hello world"},
       kAnyLength,
       {"```python\nprint(\"Hello, world!\")\n```",
        "```c\n#include <stdio.h>\n\nint main(void) {\n"
        "  puts(\"Hello, world!\");\n}\n```"}},
      {{"poem", "haiku"},
       kAnyLength,
       {"Red lamp, then a green:\na question finds the right track.\nThe answer rolls home.",
        "Tokens in the dark,\neach one counted as it leaves,\nnone of them held back."}},
      {{"story"},
       kAnyLength,
       {"There was a signalman who never slept. Every train that came out of the fog told him "
        "where it wanted to go, and he knew which line was clear, which was cheap and which had "
        "flooded on Tuesday. One night all lines failed but one, a narrow siding that nobody "
        "remembered. He set the points, the lamp turned green, and in the morning the passengers "
        "only said that the journey had been quiet."}},
  };
  return entries;
}

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Lower case, words with one space before and after each, so that " cue " finds whole words.
std::string Plain(std::string_view text) {
  std::string out = " ";
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (IsWord(lower)) {
      out += lower;
    } else if (out.back() != ' ' && c != '\'') {
      out += ' ';
    }
  }
  if (out.back() != ' ') {
    out += ' ';
  }
  return out;
}

bool Has(std::string_view plain, std::string_view cue) {
  return plain.find(fmt::format(" {} ", cue)) != std::string_view::npos;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos
             ? std::string_view()
             : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// At most `bytes`, not inside a character, with a sign when something is missing.
std::string Excerpt(std::string_view text, std::size_t bytes) {
  text = Trim(text.substr(0, text.find('\n', text.find_first_not_of(" \t\r\n"))));
  if (text.size() <= bytes) {
    return std::string(text);
  }
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) {
    --bytes;
  }
  return std::string(Trim(text.substr(0, bytes))) + "…";
}

// "Say this is a test" → "This is a test".
std::string SayAfter(std::string_view prompt) {
  std::string_view rest = Trim(prompt);
  for (const std::string_view verb : {"say ", "repeat "}) {
    if (Plain(rest.substr(0, verb.size())).ends_with(verb) && rest.size() > verb.size()) {
      rest = Trim(rest.substr(verb.size()));
      if (rest.size() > 1 && (rest.front() == '"' || rest.front() == '\'') &&
          rest.back() == rest.front()) {
        rest = rest.substr(1, rest.size() - 2);
      }
      std::string out(rest);
      out[0] = out[0] >= 'a' && out[0] <= 'z' ? static_cast<char>(out[0] - 'a' + 'A') : out[0];
      return out;
    }
  }
  return {};
}

std::vector<std::string_view> Sentences(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool stop = text[i] == '.' || text[i] == '!' || text[i] == '?' || text[i] == '\n';
    const bool ends = i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\n';
    if ((stop && ends) || i + 1 == text.size()) {
      const auto sentence = Trim(text.substr(begin, i + 1 - begin));
      if (!sentence.empty()) {
        out.push_back(sentence);
      }
      begin = i + 1;
    }
  }
  return out;
}

// The first sentence of the material and the longest of the rest.
std::string Summary(std::string_view prompt) {
  const std::size_t colon = prompt.find_first_of(":\n");
  const auto material = colon == std::string_view::npos ? prompt : prompt.substr(colon + 1);
  const auto sentences = Sentences(material);
  if (sentences.size() < 2) {
    return "Send me the text after a colon, and I will pick its first and its fullest sentence.";
  }
  const auto fullest = std::ranges::max_element(sentences.begin() + 1, sentences.end(), {},
                                                [](std::string_view s) { return s.size(); });
  return fmt::format("In short ({} sentences): {} {}", sentences.size(), sentences.front(),
                     *fullest);
}

std::string Fallback(std::string_view prompt, std::string_view plain) {
  const auto words = std::ranges::count(plain, ' ') - 1;
  return fmt::format(
      "This is Signalbox's built-in simulator; it read your message (“{}”, {} {}) and answers "
      "without a model behind it. To get real answers, set a provider's key, such as "
      "OPENAI_API_KEY, and start Signalbox again, or add a provider to its configuration file.",
      Excerpt(prompt, 80), words, words == 1 ? "word" : "words");
}

}  // namespace

std::string CannedAnswer(std::string_view prompt, std::uint64_t draw) {
  if (auto said = SayAfter(prompt); !said.empty()) {
    return said;
  }
  const std::string plain = Plain(prompt);
  const auto words = static_cast<std::size_t>(std::ranges::count(plain, ' ') - 1);
  if (words == 0) {
    return "You sent no text. Say hello, or ask what Signalbox is.";
  }
  for (const std::string_view cue : {"summarize", "summarise", "summary", "tl dr"}) {
    if (Has(plain, cue)) {
      return Summary(prompt);
    }
  }
  for (const Entry& entry : Entries()) {
    const bool cued = words <= entry.longest &&
                      std::ranges::any_of(entry.cues, [&](auto cue) { return Has(plain, cue); });
    if (cued) {
      return std::string(entry.answers[draw % entry.answers.size()]);
    }
  }
  return Fallback(prompt, plain);
}

}  // namespace signalbox::sim
