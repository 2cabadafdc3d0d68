// What recorded answers cost, worked out by hand from the vendors' counts and prices in US dollars
// per million tokens. Where the vendor states the cost itself, it is the same.
#pragma once

#include <cstdint>

namespace signalbox::catalog {

struct RecordedCost {
  const char* file;  // below the folder of recordings
  int exchange;      // of a recording with several, from 1
  const char* provider;
  const char* model;
  std::int64_t nano_usd;
};

inline constexpr RecordedCost kRecordedCosts[] = {
    // 24×1.2 + 1353×6 reasoning + 315×6 = 10036.8e-6
    {"alibaba/chat.reasoning.reasoning.json", 1, "alibaba", "qwen3-max", 10'036'800},
    // 18×1.2 + 779×6 = 4695.6e-6
    {"alibaba/chat.text-stream.text.chunks.txt", 1, "alibaba", "qwen3-max", 4'695'600},
    // 18×1.2 + 1064×6 = 6405.6e-6
    {"alibaba/chat.text.text.json", 1, "alibaba", "qwen3-max", 6'405'600},
    // 295×1.2 + 22×6 = 486e-6
    {"alibaba/chat.tools-stream.tool-call.chunks.txt", 1, "alibaba", "qwen3-max", 486'000},
    // 15×1 + 12×0.1 cached + 13×1.25 written + 21×5 = 137.45e-6
    {"anthropic/messages.cache.basic.json", 1, "anthropic", "claude-haiku-4-5-20251001", 137'450},
    // 3×3 + 1111×0.3 cached + 418×3.75 written + 33×15 = 2404.8e-6
    {"anthropic/messages.cache.cache-real-api.exchanges.json", 2, "anthropic",
     "claude-sonnet-4-5-20250929", 2'404'800},
    // 16×2 + 13637×0.2 cached + 7049×2.5 written + 344×10 = 23821.9e-6
    {"anthropic/messages.server-tools-reasoning-cache."
     "code-execution-files-cache-prefix-stable-messages-sonnet-5.exchanges.json",
     2, "anthropic", "claude-sonnet-5", 23'821'900},
    // 4×2 + 14210×0.2 cached + 426×2.5 written + 290×10 = 6815e-6
    {"anthropic/messages.server-tools-reasoning-cache."
     "code-execution-files-cache-prefix-stable-messages-sonnet-5.exchanges.json",
     3, "anthropic", "claude-sonnet-5", 6'815'000},
    // 3×3 + 1111×0.3 cached + 414×15 = 6552.3e-6
    {"anthropic/count-tokens.count-tokens-cache.cache-count-tokens.exchanges.json", 2, "anthropic",
     "claude-sonnet-4-5-20250929", 6'552'300},
    // 4×3 + 1165×3.75 written + 201×15 = 7395.75e-6
    {"anthropic/messages.cache-stream.prompt-caching-stream-legacy.exchanges.json", 1, "anthropic",
     "claude-3-5-sonnet-20240620", 7'395'750},
    // 4×3 + 1165×0.3 cached + 221×15 = 3676.5e-6
    {"anthropic/messages.cache-stream.prompt-caching-stream-legacy.exchanges.json", 2, "anthropic",
     "claude-3-5-sonnet-20240620", 3'676'500},
    // 3×3 + 1111×0.3 cached + 406×15 = 6432.3e-6
    {"anthropic/messages.cache.cache-real-api.exchanges.json", 1, "anthropic",
     "claude-sonnet-4-5-20250929", 6'432'300},
    // 2×5 + 1590×6.25 written + 4×25 = 10047.5e-6
    {"anthropic/messages.cache.inline-system-prompt-cache-prefix-is-reused.exchanges.json", 1,
     "anthropic", "claude-opus-4-8", 10'047'500},
    // 2×5 + 1590×0.5 cached + 4×25 = 905e-6
    {"anthropic/messages.cache.inline-system-prompt-cache-prefix-is-reused.exchanges.json", 2,
     "anthropic", "claude-opus-4-8", 905'000},
    // 17×3 + 15×15 = 276e-6
    {"anthropic/chat.text."
     "call-non-openai-models-through-openai-anthropic-claude-sonnet-4-5.exchanges.json",
     1, "anthropic", "claude-sonnet-4-5-20250929", 276'000},
    // 1598×3 + 14×15 = 5004e-6
    {"anthropic/messages.document.call-with-document-content-anthropic-claude-sonnet-4-0."
     "exchanges.json",
     1, "anthropic", "claude-sonnet-4-20250514", 5'004'000},
    // 11×0.05 + 192×0.4 reasoning + 11×0.4 = 81.75e-6
    {"azure/chat.error404.chat-reasoning.exchanges.json", 1, "azure", "gpt-5-nano-2025-08-07",
     81'750},
    // 564×0.25 + 64×2 reasoning + 37×2 = 343e-6
    {"azure/responses.reasoning.reasoning-encrypted-content.1.json", 1, "azure", "gpt-5-mini",
     343'000},
    // 1750×0.25 + 192×2 reasoning + 208×2 = 1237.5e-6
    {"azure/responses.server-tools-reasoning.code-interpreter-tool.1.json", 1, "azure",
     "gpt-5-mini", 1'237'500},
    // 15×0.5 + 19×1.5 = 36e-6
    {"azure/chat.content-filter.chat-content-filtering.exchanges.json", 1, "azure", "gpt-35-turbo",
     36'000},
    // 16×0.4 + 24×1.6 = 44.8e-6
    {"azure/chat.content-filter.chat-content-filtering.exchanges.json", 2, "azure",
     "gpt-4.1-mini-2025-04-14", 44'800},
    // 79×0.35 + 25×0.75 reasoning + 12×0.75 = 55.4e-6
    {"cerebras/chat.reasoning.thinking-part-survives-multiturn.exchanges.json", 1, "cerebras",
     "gpt-oss-120b", 55'400},
    // 98×0.35 + 27×0.75 reasoning + 20×0.75 = 69.55e-6
    {"cerebras/chat.reasoning.thinking-part-survives-multiturn.exchanges.json", 2, "cerebras",
     "gpt-oss-120b", 69'550},
    // 74×0.35 + 36×0.75 = 52.9e-6
    {"cerebras/chat.reasoning.model-cerebras-provider-harmony.exchanges.json", 1, "cerebras",
     "gpt-oss-120b", 52'900},
    // 51×0.14 + 512×0.0028 cached + 60×0.28 reasoning + 56×0.28 = 41.0536e-6
    {"deepseek/chat.parallel-tools-reasoning-cache.deferred-capability-with-thinking."
     "exchanges.json",
     1, "deepseek", "deepseek-v4-flash", 41'054},
    // 80×0.14 + 896×0.0028 cached + 25×0.28 reasoning + 36×0.28 = 30.7888e-6
    {"deepseek/chat.parallel-tools-reasoning-cache.deferred-capability-with-thinking."
     "exchanges.json",
     3, "deepseek", "deepseek-v4-flash", 30'789},
    // 19×0.28 + 320×0.028 cached + 48×0.42 reasoning + 44×0.42 = 52.92e-6
    {"deepseek/chat.tools-reasoning-cache.tool-call.json", 1, "deepseek", "deepseek-reasoner",
     52'920},
    // 72×0.14 + 128×0.0028 cached + 14×0.28 reasoning + 2×0.28 = 14.9184e-6
    {"deepseek/responses.tool-result-reasoning-cache.responses-replay-unsent-item-ids."
     "exchanges.json",
     1, "deepseek", "deepseek-v4-flash", 14'918},
    // 110×0.14 + 256×0.0028 cached + 14×0.28 reasoning + 45×0.28 = 32.6368e-6
    {"deepseek/responses.tools-reasoning-cache-stream.responses-function-tool-stream."
     "exchanges.json",
     1, "deepseek", "deepseek-v4-flash", 32'637},
    // 875×0.14 + 26×0.28 reasoning + 53×0.28 = 144.62e-6
    {"deepseek/chat.parallel-tools-reasoning-cache.deferred-capability-with-thinking."
     "exchanges.json",
     2, "deepseek", "deepseek-v4-flash", 144'620},
    // 12×0.28 + 415×0.42 reasoning + 374×0.42 = 334.74e-6
    {"deepseek/chat.reasoning.model-thinking-part.exchanges.json", 1, "deepseek",
     "deepseek-reasoner", 334'740},
    // 91×0.14 + 18×0.28 reasoning + 2×0.28 = 18.34e-6
    {"deepseek/responses.reasoning.responses-reasoning-effort.exchanges.json", 1, "deepseek",
     "deepseek-v4-flash", 18'340},
    // 87×0.14 + 6×0.28 reasoning + 2×0.28 = 14.42e-6
    {"deepseek/responses.reasoning.responses-text-multi-turn.exchanges.json", 1, "deepseek",
     "deepseek-v4-flash", 14'420},
    // 8×0.3 + 3512×0.03 cached + 42×2.5 reasoning + 2×2.5 = 217.76e-6
    {"gemini/generate.cache.model-cached-content.exchanges.json", 2, "gemini", "gemini-2.5-flash",
     217'760},
    // 8×0.3 + 3512×0.03 cached + 51×2.5 reasoning + 2×2.5 = 240.26e-6
    {"gemini/generate.cache.model-cached-content.exchanges.json", 3, "gemini", "gemini-2.5-flash",
     240'260},
    // 70×0.3 + 61×2.5 reasoning + 40×2.5 = 273.5e-6
    {"gemini/generate.parallel-tools-reasoning-stream."
     "cassettes-test-call-with-tools-google-gemini-2-5-flash-stream.exchanges.json",
     1, "gemini", "gemini-2.5-flash", 273'500},
    // 54×0.5 + 121×3 reasoning + 74×3 = 612e-6
    {"gemini/generate.parallel-tools-reasoning-stream."
     "stream-tool-call-array-arguments-missing-terminal-function-call.chunks.txt",
     1, "gemini", "gemini-3-flash-preview", 612'000},
    // 83×0.5 + 190×3 reasoning + 30×3 = 701.5e-6
    {"gemini/generate.parallel-tools-reasoning.instructions-only-with-tool-calls.exchanges.json", 1,
     "gemini", "gemini-3-flash-preview", 701'500},
    // 348×0.5 + 40×3 reasoning + 10×3 = 324e-6
    {"gemini/generate.parallel-tools-reasoning.instructions-only-with-tool-calls.exchanges.json", 2,
     "gemini", "gemini-3-flash-preview", 324'000},
    // 415×0.5 + 105×3 reasoning + 10×3 = 552.5e-6
    {"gemini/generate.parallel-tools-reasoning.instructions-only-with-tool-calls.exchanges.json", 3,
     "gemini", "gemini-3-flash-preview", 552'500},
    // 546×0.5 + 106×3 reasoning + 10×3 = 621e-6
    {"gemini/generate.parallel-tools-reasoning.instructions-only-with-tool-calls.exchanges.json", 4,
     "gemini", "gemini-3-flash-preview", 621'000},
    // 679×0.5 + 235×3 reasoning + 65×3 = 1239.5e-6
    {"gemini/generate.parallel-tools-reasoning.instructions-only-with-tool-calls.exchanges.json", 5,
     "gemini", "gemini-3-flash-preview", 1'239'500},
    // 13×2 + 308×12 reasoning + 30×12 = 4082e-6
    {"gemini/generate.reasoning-structured-stream."
     "strict-mode-with-streamed-thinking-google-gemini-3-pro-preview.exchanges.json",
     1, "gemini", "gemini-3-pro-preview", 4'082'000},
    // 80×0.15 + 256×0.075 cached + 59×0.6 reasoning + 37×0.6 = 88.8e-6
    {"groq/chat.error400-tools-reasoning-cache.tool-use-failed-error.exchanges.json", 3, "groq",
     "openai/gpt-oss-120b", 88'800},
    // 301×0.15 + 22×0.6 reasoning + 30×0.6 = 76.35e-6
    {"groq/chat.error400-tools-reasoning-cache.tool-use-failed-error.exchanges.json", 2, "groq",
     "openai/gpt-oss-120b", 76'350},
    // 84×0.15 + 32×0.6 reasoning + 10×0.6 = 37.8e-6
    {"groq/chat.reasoning.reasoning-wire-contract-groq-gpt-oss-thinking-false-noop.exchanges.json",
     1, "groq", "openai/gpt-oss-120b", 37'800},
    // 84×0.15 + 31×0.6 reasoning + 10×0.6 = 37.2e-6
    {"groq/chat.reasoning.reasoning-wire-contract-groq-gpt-oss-thinking-medium.exchanges.json", 1,
     "groq", "openai/gpt-oss-120b", 37'200},
    // 84×0.15 + 3×0.6 reasoning + 10×0.6 = 20.4e-6
    {"groq/chat.reasoning."
     "reasoning-wire-contract-groq-gpt-oss-thinking-minimal-folds-to-low.exchanges.json",
     1, "groq", "openai/gpt-oss-120b", 20'400},
    // 749×0.11 + 107×0.34 = 118.77e-6
    {"groq/chat.image.image-url-input.exchanges.json", 1, "groq",
     "meta-llama/llama-4-scout-17b-16e-instruct", 118'770},
    // 177×0.15 + 87×0.6 = 78.75e-6
    {"groq/chat.reasoning-structured.prompted-output.exchanges.json", 1, "groq",
     "openai/gpt-oss-120b", 78'750},
    // 18×0.05 + 73×0.08 = 6.74e-6
    {"groq/chat.text-stream.chat-streaming-legacy.exchanges.json", 1, "groq", "llama3-8b-8192",
     6'740},
    // 44×0.5 + 224×0.5 cached + 5×1.5 = 141.5e-6
    {"mistral/chat.cache.history-uses-prompt-cache.exchanges.json", 2, "mistral",
     "mistral-large-latest", 141'500},
    // 253×0.5 + 5×1.5 = 134e-6
    {"mistral/chat.cache.history-uses-prompt-cache.exchanges.json", 1, "mistral",
     "mistral-large-latest", 134'000},
    // 10×2 + 232×5 = 1180e-6
    {"mistral/chat.reasoning-stream.model-thinking-part-iter.exchanges.json", 1, "mistral",
     "magistral-medium-latest", 1'180'000},
    // 11×0.25 + 80×0.25 = 22.75e-6
    {"mistral/chat.text-stream.ai-async-streaming-chat-legacy.exchanges.json", 1, "mistral",
     "mistral-tiny", 22'750},
    // 11×0.25 + 76×0.25 = 21.75e-6
    {"mistral/chat.text-stream.ai-async-streaming-chat-with-events-with-content.exchanges.json", 1,
     "mistral", "mistral-tiny", 21'750},
    // 20×0.95 + 22×4 reasoning + 8×4 = 139e-6
    {"moonshotai/chat.reasoning-cache.reasoning.json", 1, "moonshot", "kimi-k2.6", 139'000},
    // 55×0.4 + 2×0.1 cached + 1×1.6 reasoning + 16×1.6 = 49.4e-6
    {"openai/chat.tools-cache.chat-completions-streaming-function-example.chunks.txt", 1, "openai",
     "gpt-4.1-mini", 49'400},
    // 4040×1.75 + 3072×0.175 cached + 64×14 reasoning + 399×14 = 14089.6e-6
    {"openai/responses.cache-stream.phase.1.chunks.txt", 1, "openai", "gpt-5.3-codex", 14'089'600},
    // 1140×0.25 + 2560×0.025 cached + 640×2 reasoning + 101×2 = 1831e-6
    {"openai/responses.reasoning-cache.file-search-tool.1.json", 1, "openai",
     "gpt-5-mini-2025-08-07", 1'831'000},
    // 1374×0.25 + 2304×0.025 cached + 448×2 reasoning + 88×2 = 1473.1e-6
    {"openai/responses.reasoning-cache.file-search-tool.2.json", 1, "openai",
     "gpt-5-mini-2025-08-07", 1'473'100},
    // 3103×0.05 + 2944×0.005 cached + 1408×0.4 reasoning + 215×0.4 = 819.07e-6
    {"openai/responses.server-tools-reasoning-cache-stream.code-interpreter-tool.1.chunks.txt", 1,
     "openai", "gpt-5-nano-2025-08-07", 819'070},
    // 27361×0.25 + 3712×0.025 cached + 3712×2 reasoning + 704×2 = 15765.05e-6
    {"openai/responses.server-tools-reasoning-cache-stream.web-search-tool.1.chunks.txt", 1,
     "openai", "gpt-5-mini-2025-08-07", 15'765'050},
    // 1619×1.25 + 8320×0.125 cached + 1344×10 reasoning + 266×10 = 19163.75e-6
    {"openai/responses.server-tools-reasoning-cache."
     "responses-model-web-search-tool-with-invalid-region.exchanges.json",
     1, "openai", "gpt-5-2025-08-07", 19'163'750},
    // 1143×1.25 + 8320×0.125 cached + 512×10 reasoning + 148×10 = 9068.75e-6
    {"openai/responses.server-tools-reasoning-cache."
     "responses-model-web-search-tool-with-user-location.exchanges.json",
     1, "openai", "gpt-5-2025-08-07", 9'068'750},
    // 851×1.25 + 8448×0.125 cached + 512×10 reasoning + 65×10 = 7889.75e-6
    {"openai/responses.server-tools-reasoning-cache.responses-model-web-search-tool.exchanges.json",
     1, "openai", "gpt-5-2025-08-07", 7'889'750},
    // 930×1.25 + 8576×0.125 cached + 384×10 reasoning + 55×10 = 6624.5e-6
    {"openai/responses.server-tools-reasoning-cache.responses-model-web-search-tool.exchanges.json",
     2, "openai", "gpt-5-2025-08-07", 6'624'500},
    // 2245×0.05 + 100×0.4 reasoning = 152.25e-6
    {"openai/chat.image-truncated.chat-multimodal.exchanges.json", 1, "openai",
     "gpt-5-nano-2025-08-07", 152'250},
    // 6×0.2 + 4×0.02 cached + 5×1.2 = 7.28e-6
    {"openai/responses.cache-stream.stream-custom-tool.sse.txt", 1, "openai", "gpt-5.6-luna",
     7'280},
    // 124×1.25 + 1792×10 reasoning + 134×10 = 19415e-6
    {"openai/responses.tools-reasoning-cache.responses-thinking-with-tool-calls.exchanges.json", 1,
     "openai", "gpt-5-2025-08-07", 19'415'000},
    // 39×1.25 + 2048×0.125 cached + 124×10 = 1544.75e-6
    {"openai/responses.tools-reasoning-cache.responses-thinking-with-tool-calls.exchanges.json", 2,
     "openai", "gpt-5-2025-08-07", 1'544'750},
    // 631×5 + 37×30 reasoning + 50×30 = 5765e-6
    {"openai/responses.tools-reasoning-stream.programmatic-tool-calling.1.chunks.txt", 1, "openai",
     "gpt-5.6-sol", 5'765'000},
    // 63×5 + 26×30 reasoning + 43×30 = 2385e-6
    {"openai/responses.tools-reasoning-stream.responses-phase-streamed-on-part-start."
     "exchanges.json",
     1, "openai", "gpt-5.5-2026-04-23", 2'385'000},
    // 3×3 + 3211×0.3 cached + 115×3.75 written + 53×15 = 2198.55e-6; the vendor says 2198550
    {"openrouter/chat.cache-truncated.cache-messages-anthropic-real-api.exchanges.json", 2,
     "openrouter", "anthropic/claude-sonnet-4.6", 2'198'550},
    // 1×3 + 2569×0.3 cached + 79×3.75 written + 100×15 = 2569.95e-6; the vendor says 2569950
    {"openrouter/chat.tools-cache-truncated.cache-all-settings-real-api.exchanges.json", 2,
     "openrouter", "anthropic/claude-sonnet-4.6", 2'569'950},
    // 3×3 + 2240×0.3 cached + 329×3.75 written + 100×15 = 3414.75e-6; the vendor says 3414750
    {"openrouter/chat.tools-cache-truncated.cache-all-settings-real-api.exchanges.json", 3,
     "openrouter", "anthropic/claude-sonnet-4.6", 3'414'750},
    // 3×3 + 3211×3.75 written + 100×15 = 13550.25e-6; the vendor says 13550250
    {"openrouter/chat.cache-truncated.cache-messages-anthropic-real-api.exchanges.json", 1,
     "openrouter", "anthropic/claude-sonnet-4.6", 13'550'250},
    // 43×3 + 13×15 reasoning + 23×15 = 669e-6; the vendor says 669000
    {"openrouter/chat.reasoning-stream.streaming-reasoning.exchanges.json", 1, "openrouter",
     "anthropic/claude-sonnet-4.5", 669'000},
    // 37×0.25 + 64×2 reasoning + 28×2 = 193.25e-6; the vendor says 193250
    {"openrouter/chat.reasoning."
     "eager-input-streaming-sent-to-openrouter-non-anthropic-enabled.exchanges.json",
     1, "openrouter", "openai/gpt-5-mini", 193'250},
    // 43×3 + 48×15 reasoning + 5×15 = 924e-6; the vendor says 924000
    {"openrouter/chat.reasoning.thinking-high-emits-effort-high.exchanges.json", 1, "openrouter",
     "anthropic/claude-sonnet-4.5", 924'000},
    // 17×0.25 + 960×2 reasoning + 1217×2 = 4358.25e-6; the vendor says 4358250
    {"openrouter/chat.reasoning.usage.exchanges.json", 2, "openrouter", "openai/gpt-5-mini",
     4'358'250},
    // 3×3 + 2569×3.75 written + 63×15 = 10587.75e-6; the vendor says 10587750
    {"openrouter/chat.tools-cache-truncated.cache-all-settings-real-api.exchanges.json", 1,
     "openrouter", "anthropic/claude-sonnet-4.6", 10'587'750},
    // 17×0.25 + 704×2 reasoning + 811×2 = 3034.25e-6
    {"openrouter/chat.reasoning.usage.exchanges.json", 1, "openrouter", "openai/gpt-5-mini",
     3'034'250},
    // 254×3 + 5×15 = 837e-6; the vendor says 837000
    {"openrouter/chat.text-stream.cache-streaming-e2e.exchanges.json", 1, "openrouter",
     "anthropic/claude-sonnet-4.6", 837'000},
    // 11×1 + 434×1 = 445e-6
    {"perplexity/chat.text-stream.text.chunks.txt", 1, "perplexity", "sonar", 445'000},
    // 10×1 + 251×1 = 261e-6
    {"perplexity/chat.text.citations.json", 1, "perplexity", "sonar", 261'000},
    // 18×0.6 + 35×0.6 = 31.8e-6
    {"together/chat.structured.chat-legacy.exchanges.json", 1, "together",
     "mistralai/Mixtral-8x7B-Instruct-v0.1", 31'800},
    // 10×0.6 + 512×0.6 = 313.2e-6
    {"together/completions.truncated.completion-legacy.exchanges.json", 1, "together",
     "mistralai/Mixtral-8x7B-Instruct-v0.1", 313'200},
    // 7×0.3 + 3×0.075 cached + 375×0.5 reasoning + 35×0.5 = 207.325e-6; the vendor says 207325
    {"xai/chat.reasoning-cache.chat-completion.json", 1, "xai", "grok-3-mini", 207'325},
    // 10×0.3 + 2×0.075 cached + 228×0.5 reasoning + 1×0.5 = 117.65e-6; the vendor says 117650
    {"xai/chat.reasoning-cache.text.2.json", 1, "xai", "grok-3-mini", 117'650},
    // 1×0.3 + 290×0.075 cached + 196×0.5 reasoning + 26×0.5 = 133.05e-6; the vendor says 133050
    {"xai/chat.tools-reasoning-cache-stream.tool-call.2.chunks.txt", 1, "xai", "grok-3-mini",
     133'050},
    // 63×0.3 + 244×0.075 cached + 255×0.5 reasoning + 26×0.5 = 177.7e-6; the vendor says 177700
    {"xai/chat.tools-reasoning-cache.tool-call.json", 1, "xai", "grok-3-mini", 177'700},
    // 14×0.3 + 3×0.075 cached + 181×0.5 reasoning + 4×0.5 = 96.925e-6; the vendor says 96925
    {"xai/responses.reasoning-cache-stream.responses-stream.sse.txt", 1, "xai", "grok-3-mini",
     96'925},
    // 14×0.3 + 3×0.075 cached + 272×0.5 reasoning + 4×0.5 = 142.425e-6; the vendor says 142425
    {"xai/responses.reasoning-cache.responses.json", 1, "xai", "grok-3-mini", 142'425},
    // 24×0.2 + 192×0.02 cached + 323×1.5 reasoning + 600×1.5 = 1393.14e-6
    {"xai/responses.reasoning-cache-stream.text-with-reasoning-streaming.1.chunks.txt", 1, "xai",
     "grok-code-fast-1", 1'393'140},
    // 297×0.2 + 1578×0.05 cached + 397×0.5 reasoning + 298×0.5 = 485.8e-6
    {"xai/responses.server-tools-cache-stream.web-search-tool.1.chunks.txt", 1, "xai",
     "grok-4-fast-reasoning", 485'800},
    // 371×0.2 + 1235×0.05 cached + 190×0.5 reasoning + 102×0.5 = 281.95e-6
    {"xai/responses.server-tools-cache.code-execution-tool.1.json", 1, "xai",
     "grok-4-fast-reasoning", 281'950},
};

}  // namespace signalbox::catalog
