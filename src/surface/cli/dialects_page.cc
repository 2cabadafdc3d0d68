#include "surface/cli/dialects_page.h"

#include <fmt/format.h>

#include <vector>

#include "surface/cli/spoken.h"
#include "vendors/providers/provider_type.h"

namespace signalbox::cli {
namespace {

using chat::Operation;
using providers::TypeRow;
using wire::Feature;
using wire::Support;

constexpr std::string_view kIntroduction =
    R"(# Dialects: who can say what to whom

Any client may speak any of these APIs to Signalbox, and any provider answers it. Where both sides
speak the same dialect, the words go through as they were written, unknown members included. Where
they do not, the request is read into one canonical conversation and written again, and so is the
answer. This page says what becomes of each thing that a request may hold. It is printed by
`signalbox dialects` out of the very tables that decide, and a test compares the two.

| word | meaning |
|---|---|
| carried | the upstream has the same thing |
| translated | said in the upstream's own way |
| fetched | the upstream takes bytes alone: the URL is fetched within the limits of `media` |
| dropped | left out, and named in the answer's field `x-signalbox-dropped` |
| refused | the request is answered with 400, which names the field |

Members that no other vendor knows belong to the dialect they came in: to another one they are
dropped, and named. Search results, and what a vendor's own tools gave, go to others as the text in
them; documents that are plain texts go as texts to whoever takes no such files. An address that is not
on the web (`s3://`, `gs://`) is refused where the vendor cannot open it. What a model is known to lack
counts too: [models.md](models.md). [adding-a-dialect.md](adding-a-dialect.md) says how one is added.
)";

std::vector<const TypeRow*> Upstreams() {
  std::vector<const TypeRow*> rows;
  for (const TypeRow& row : providers::ProviderTypes()) {
    // Azure's is OpenAI's, and sim speaks whatever it is spoken to in.
    if (row.dialect != nullptr && row.type != providers::ProviderType::kAzureOpenAi) {
      rows.push_back(&row);
    }
  }
  return rows;
}

void Header(const std::vector<const TypeRow*>& upstreams, std::string_view first,
            std::string& out) {
  out += fmt::format("| {} |", first);
  for (const TypeRow* upstream : upstreams) {
    out += fmt::format(" {} |", upstream->name);
  }
  out += "\n|---|";
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    out += "---|";
  }
  out += "\n";
}

// What a client of `dialect` can say is what an upstream of it can be told.
bool CanSay(const wire::Dialect& dialect, Feature feature) {
  const Support support = dialect.features().Of(feature);
  return support == Support::kCarried || support == Support::kTranslated ||
         support == Support::kFetched;
}

std::string_view Outcome(const wire::Dialect& from, const wire::Dialect& to, Feature feature) {
  return to.Takes(from, Operation::kChat) ? "carried" : Name(to.features().Of(feature));
}

void Chats(const std::vector<const TypeRow*>& upstreams, std::string& out) {
  for (const Spoken& client : AllSpoken()) {
    out += fmt::format("\n## From {} (`{}`)\n\n", client.dialect->title(), client.name);
    Header(upstreams, "a request may hold", out);
    for (std::size_t i = 0; i < wire::kFeatures; ++i) {
      const auto feature = static_cast<Feature>(i);
      if (!CanSay(*client.dialect, feature)) {
        continue;
      }
      out += fmt::format("| {} |", Name(feature));
      for (const TypeRow* upstream : upstreams) {
        out += fmt::format(" {} |", Outcome(*client.dialect, *upstream->dialect, feature));
      }
      out += "\n";
    }
  }
}

void Operations(const std::vector<const TypeRow*>& upstreams, std::string& out) {
  out += "\n## What can be asked of an upstream\n\n";
  Header(upstreams, "operation", out);
  for (const Operation operation :
       {Operation::kChat, Operation::kCompletions, Operation::kEmbeddings, Operation::kCountTokens,
        Operation::kRerank, Operation::kModerations, Operation::kImages, Operation::kSpeech,
        Operation::kTranscriptions}) {
    out += fmt::format("| {} |", chat::Name(operation));
    for (const TypeRow* upstream : upstreams) {
      const bool has = upstream->dialect->Has(operation);
      const bool ours =
          operation == Operation::kCountTokens || operation == Operation::kCompletions;
      out += has ? " yes |" : ours ? " translated |" : " |";
    }
    out += "\n";
  }
  out +=
      "\nTokens are counted by Signalbox itself for an upstream that cannot; a text to be gone on "
      "with becomes\na conversation of one message.\n";
}

constexpr std::string_view kMedia = R"(
## Pictures, speech and transcripts

They are asked for in OpenAI's form. `openai`, and `mistral` for transcripts and moderations, take it
as it stands. What the others make of it:

| a request may hold | gemini, vertex | workers_ai | huggingface |
|---|---|---|---|
| **pictures** | Imagen by `predict`, other models by `generateContent` | flux-1-schnell, Stable Diffusion, … | text-to-image |
| `prompt` | carried | carried | carried |
| `n` | up to 4 (Imagen), else 1 | 1, more is refused | 1, more is refused |
| `size` | the nearest ratio; named as dropped where the points are others | `width`, `height`; flux makes 1024x1024 | `width`, `height` |
| `quality` | dropped | flux: `hd` and `high` are 8 steps; else dropped | dropped |
| `response_format: url`, `stream`, a transparent `background` | refused | refused | refused |
| `output_format`, `output_compression` | vertex: carried; gemini: dropped | dropped | dropped |
| `seed`, `negative_prompt` | dropped | carried; flux: no `negative_prompt` | carried |
| `style`, `moderation`, `user` | dropped | dropped | dropped |
| **speech** | models that speak | aura, melotts | text-to-speech |
| `voice` | by Google's names | aura: by Deepgram's; melotts: a language (`fr`) | dropped |
| OpenAI's voices | dropped | dropped | dropped |
| `response_format` | `wav` (without one too), `pcm`; others are refused | aura: carried; melotts: dropped, `pcm` is refused | dropped, `pcm` is refused |
| `instructions`, `speed` | dropped | dropped | dropped |
| `stream_format: sse` | refused | refused | refused |
| **transcripts** | none | whisper, nova-3: the file as it is; whisper-large: Base64 in JSON | the file as it is; for times Base64 in JSON |
| `response_format` | | `json`, `text`, `verbose_json`, `srt`, `vtt` | the same; those with times must stand before the file |
| `language`, `prompt` | | whisper-large: carried; else dropped | dropped |
| `temperature`, `include[]`, `chunking_strategy` | | dropped | dropped |
| `stream` | | one event with the text, and the last | the same |
| translations | | whisper-large | none |

The answer's `content-type` says which sound it is. Of a long file nothing is held but its beginning.
)";

}  // namespace

std::string DialectsPage() {
  std::string out(kIntroduction);
  const std::vector<const TypeRow*> upstreams = Upstreams();
  Operations(upstreams, out);
  out += kMedia;
  Chats(upstreams, out);
  return out;
}

}  // namespace signalbox::cli
