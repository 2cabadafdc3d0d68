#include "vendors/catalog/families.h"

#include <cstdlib>
#include <vector>

#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

using Text = std::string_view;

struct Family {
  Text patterns;  // one of them, held against the name behind its last '/'
  Text words;     // as in a row
};

// The first that fits counts: the particular before the general.
constexpr Family kFamilies[] = {
    // Anthropic's model overview and migration guides: 3.7 thinks, by a budget; from 4.1 on
    // answers are bound to a schema, and one of temperature and top_p is taken; 4.6 thinks by
    // effort too; from 4.7 on by effort alone, and nobody tells it how to sample. A name that is
    // not known thinks like the newest, and is tried with what it is told of sampling.
    {"*claude-instant*,*claude-v#*,*claude-2*",
     "can=sampling,both_top_p cannot=tools,vision,pdf,audio_in,json,reasoning,effort,budget"},
    {"*claude-3~7*",
     "can=tools,vision,pdf,reasoning,budget,sampling,both_top_p cannot=json,effort,audio_in "
     "budget=1024"},
    {"*claude-3,*claude-3-*,*claude-3.*",
     "can=tools,vision,sampling,both_top_p cannot=json,reasoning,effort,budget,audio_in"},
    {"*claude-*-4~6*,*claude-4~6*",
     "can=tools,vision,pdf,json,reasoning,effort,budget,sampling cannot=both_top_p,audio_in "
     "efforts=low,medium,high,max budget=1024"},
    {"*claude-*-4~1*,*claude-*-4~5*,*claude-4~1*,*claude-4~5*",
     "can=tools,vision,pdf,json,reasoning,budget,sampling cannot=effort,both_top_p,audio_in "
     "budget=1024"},
    {"*claude-*-4,*claude-*-4~0*,*claude-*-4-20*,*claude-*-4@*,*claude-*-4-latest,"
     "*claude-4-opus*,*claude-4-sonnet*,*claude-opus-4:*,*claude-sonnet-4:*",
     "can=tools,vision,pdf,reasoning,budget,sampling,both_top_p cannot=json,effort,audio_in "
     "budget=1024"},
    {"*claude-*-4~7*,*claude-4~7*,*claude-*-4~8*,*claude-4~8*,*claude-*-4~9*,*claude-4~9*,"
     "*claude-*-5*,*claude-5*",
     "can=tools,vision,pdf,json,reasoning,effort cannot=budget,sampling,both_top_p,audio_in "
     "efforts=low,medium,high,xhigh,max"},
    {"*claude*",
     "can=tools,vision,pdf,json,reasoning,effort,sampling cannot=budget,both_top_p,audio_in "
     "efforts=low,medium,high,xhigh,max"},

    // OpenAI's reasoning guide and model pages.
    {"o1-mini*,o1-preview*",
     "can=reasoning,max_completion_tokens "
     "cannot=tools,vision,pdf,audio_in,json,sampling,effort,budget"},
    {"o3-mini*",
     "can=tools,json,reasoning,effort,max_completion_tokens "
     "cannot=vision,audio_in,sampling,budget efforts=low,medium,high"},
    {"o#,o#-*",
     "can=reasoning,effort,max_completion_tokens cannot=audio_in,sampling,budget "
     "efforts=low,medium,high"},
    {"gpt-5*-chat*", "can=tools,vision,json,sampling cannot=effort,budget,audio_in"},
    {"gpt-5-pro*",
     "can=tools,vision,json,reasoning,effort,max_completion_tokens "
     "cannot=sampling,budget,audio_in efforts=high"},
    {"gpt-5.*-pro*",
     "can=tools,vision,json,reasoning,effort,max_completion_tokens "
     "cannot=sampling,budget,audio_in efforts=medium,high,xhigh"},
    {"gpt-5*-codex*",
     "can=reasoning,effort,max_completion_tokens cannot=sampling,budget,audio_in "
     "efforts=low,medium,high"},
    {"gpt-5.1*",
     "can=reasoning,effort,max_completion_tokens cannot=sampling,budget,audio_in "
     "efforts=none,low,medium,high"},
    {"gpt-5.*",
     "can=reasoning,effort,max_completion_tokens cannot=sampling,budget,audio_in "
     "efforts=none,low,medium,high,xhigh"},
    {"gpt-5*",
     "can=reasoning,effort,max_completion_tokens cannot=sampling,budget,audio_in "
     "efforts=minimal,low,medium,high"},
    {"gpt-3.5*,gpt-35*",
     "can=sampling,both_top_p,json_object "
     "cannot=vision,pdf,audio_in,json,reasoning,effort,budget"},
    {"gpt-4-vision*,gpt-4-1106-vision*",
     "can=vision,sampling,both_top_p cannot=tools,audio_in,json,reasoning,effort,budget"},
    {"gpt-4-turbo-preview*,gpt-4-1106*,gpt-4-0125*",
     "can=tools,json_object,sampling,both_top_p "
     "cannot=vision,pdf,audio_in,json,reasoning,effort,budget"},
    {"gpt-4-turbo*",
     "can=tools,vision,json_object,sampling,both_top_p "
     "cannot=audio_in,json,reasoning,effort,budget"},
    {"gpt-4o-2024-05-13",
     "can=tools,vision,json_object,sampling,both_top_p cannot=json,reasoning,effort,budget"},
    {"gpt-4o*,gpt-4.*,chatgpt-4o*",
     "can=json_object,sampling,both_top_p cannot=reasoning,effort,budget"},
    {"gpt-4,gpt-4-0314,gpt-4-0613,gpt-4-32k*",
     "can=tools,sampling,both_top_p "
     "cannot=vision,pdf,audio_in,json,json_object,reasoning,effort,budget"},
    {"gpt-4*", "can=sampling cannot=reasoning,effort,budget"},
    {"*gpt-oss*",
     "can=tools,reasoning,effort cannot=vision,pdf,audio_in,budget efforts=low,medium,high"},

    // Google's thinking and structured-output guides: from 2.5 on models think, by a budget, and
    // take schemas as they stand; from 3 on by a level, and take media in results.
    {"gemini-2.5-flash-image*", "can=full_schema cannot=reasoning,effort,budget,result_media"},
    {"gemini-2.5*pro*",
     "can=reasoning,budget,full_schema cannot=effort,result_media budget=128-32768"},
    {"gemini-2.5*", "can=reasoning,budget,full_schema cannot=effort,result_media budget=0-24576"},
    {"gemini-pro,gemini-1.0-pro,gemini-1.0-pro-0##",
     "cannot=vision,pdf,audio_in,reasoning,effort,budget,full_schema,result_media"},
    {"gemini-pro-vision,gemini-0*,gemini-1*,gemini-2*",
     "cannot=reasoning,effort,budget,full_schema,result_media"},
    {"gemma-#b*,gemma:*,gemma-2-*,gemma2*",
     "cannot=vision,pdf,audio_in,reasoning,effort,budget,full_schema,result_media"},
    {"gemma*", "cannot=reasoning,effort,budget,full_schema,result_media"},
    {"gemini-3-pro*,gemini-3.0-pro*",
     "can=reasoning,effort,full_schema,result_media cannot=budget efforts=low,high"},
    {"gemini-#*pro*",
     "can=reasoning,effort,full_schema,result_media cannot=budget efforts=low,medium,high"},
    {"gemini-#*",
     "can=reasoning,effort,full_schema,result_media cannot=budget "
     "efforts=minimal,low,medium,high"},
    {"gemini-*pro*", "can=reasoning,budget,full_schema cannot=effort budget=128-32768"},
    {"gemini-*", "can=reasoning,budget,full_schema cannot=effort budget=0-24576"},

    // Amazon's Nova guide.
    {"*nova-2-*", "can=reasoning,effort cannot=budget efforts=low,medium,high"},
    {"*nova-micro*", "cannot=vision,pdf,audio_in,reasoning,effort,budget"},
    {"*nova-lite*,*nova-pro*,*nova-premier*", "cannot=audio_in,reasoning,effort,budget"},

    // DeepSeek's JSON guide: an object, no schema.
    {"deepseek-reasoner*", "can=tools,reasoning,json_object cannot=vision,pdf,audio_in,json"},
    {"deepseek-chat*", "can=tools,json_object cannot=vision,pdf,audio_in,json"},

    // xAI's reasoning guide: grok-4 thinks as it likes and refuses to be told.
    {"grok*non-reasoning*", "cannot=reasoning,effort,budget"},
    {"grok-3-mini*", "can=reasoning,effort,json cannot=vision,budget efforts=low,high"},
    {"grok-3*", "can=json cannot=vision,reasoning,effort,budget"},
    {"grok-4,grok-4-0709*,grok-4-latest", "can=reasoning,vision,json cannot=effort,budget"},

    // Mistral's and Cohere's model pages.
    {"*mixtral-8x*,open-mistral-7b*,open-mistral-nemo*,mistral-7b*,mistral-tiny*,codestral*",
     "cannot=vision,pdf,audio_in,reasoning,effort,budget"},
    {"command-a-reasoning*", "can=tools,reasoning,budget cannot=vision,audio_in"},
    {"command-a-vision*", "can=vision cannot=tools,audio_in,reasoning,effort,budget"},
    {"command-a-03*,command-r,command-r-*,command-r7b*,command-r:*,command,command-light*",
     "cannot=vision,audio_in,reasoning,effort,budget"},

    {"llama-4-scout*,llama-4-maverick*", "can=tools,vision cannot=reasoning,effort,budget"},

    // Meta's model cards, and other open models whose cards say that they read text alone.
    {"llama-2-*,llama2*,meta-llama-2*,llama-3-#*b*,llama3:*,llama-3.1-#*b*,llama3.1*,"
     "llama-3.3-#*b*,llama3.3*,llama-v3p1*,llama-v3p3*,*meta.llama3-#b-*,*meta.llama3-##b-*,"
     "*meta.llama3-1-*,*meta.llama3-3-*,meta-llama-3-*,meta-llama-3.1-*,opt-66b",
     "cannot=vision,pdf,audio_in,reasoning,effort,budget"},
};

bool SameChar(char pattern, char c) {
  const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  switch (pattern) {
    case '#':
      return c >= '0' && c <= '9';
    case '~':
      return c == '-' || c == '.';
    default:
      return pattern == lower;
  }
}

bool FitsOne(Text patterns, Text name) {
  while (!patterns.empty()) {
    const std::size_t comma = patterns.find(',');
    if (FitsPattern(patterns.substr(0, comma), name)) {
      return true;
    }
    patterns = comma == Text::npos ? Text() : patterns.substr(comma + 1);
  }
  return false;
}

std::vector<Capabilities> ReadFamilies() {
  std::vector<Capabilities> out;
  for (const Family& family : kFamilies) {
    Capabilities& read = out.emplace_back();
    Text words = family.words;
    for (Text word = TakeWord(words); !word.empty(); word = TakeWord(words)) {
      const std::size_t equals = word.find('=');
      const auto status = ReadCapability(word.substr(0, equals), word.substr(equals + 1), read);
      if (!status || !*status) {
        std::abort();  // a test reads them all
      }
    }
  }
  return out;
}

}  // namespace

// Goes back to the last '*' when what follows it does not fit.
bool FitsPattern(Text pattern, Text name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = Text::npos;
  std::size_t from = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = n;
    } else if (p < pattern.size() && SameChar(pattern[p], name[n])) {
      ++p;
      ++n;
    } else if (star != Text::npos) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

const Capabilities& CapabilitiesOf(const Model* known, Text model) {
  return known != nullptr && (known->id != "*" || !known->capabilities.empty())
             ? known->capabilities
             : FamilyOf(model);
}

const Capabilities& FamilyOf(Text model) {
  static const std::vector<Capabilities> families = ReadFamilies();
  static const Capabilities nothing;
  const Text name = model.substr(model.rfind('/') + 1);  // npos + 1 is 0
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (FitsOne(kFamilies[i].patterns, name)) {
      return families[i];
    }
  }
  return nothing;
}

}  // namespace signalbox::catalog
