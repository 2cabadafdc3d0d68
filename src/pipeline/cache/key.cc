#include "pipeline/cache/key.h"

#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <new>

namespace signalbox::cache {
namespace {

using chat::Operation;

// The algorithm, looked up once.
const EVP_MD* Sha256() {
  static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kSha256;
}

// Members that say who asks, or are for the vendor's books. `user` and the like are the end user's
// name, by which vendors tell abusers apart.
struct Aside {
  std::string_view dialect;
  std::array<std::string_view, 5> members;
};
constexpr std::array kAside = {
    Aside{"openai_chat",
          {"user", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"}},
    Aside{"openai_completions", {"user", "metadata"}},
    Aside{"openai_responses",
          {"user", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"}},
    Aside{"anthropic", {"metadata"}},
    Aside{"gemini", {"labels"}},
    Aside{"mistral", {"user", "metadata"}},
    Aside{"bedrock", {"requestMetadata"}},
    Aside{"ollama", {"keep_alive"}},
};

void ListAside(const KeyFacts& facts, std::vector<std::string_view>& out) {
  out.clear();
  if (facts.call.model.empty()) {  // else a body's own may mean something to the upstream
    out.push_back("model");
  }
  if (!facts.call.streamed) {
    out.push_back("stream");
  }
  if (!facts.envelope.stream) {
    out.push_back("stream_options");
  }
  for (const Aside& aside : kAside) {
    // Within a tenant it does not matter who asks; within less, the end users of one key are kept
    // apart too.
    if (facts.scope == Scope::kTenant && aside.dialect == facts.call.dialect->name()) {
      for (const std::string_view member : aside.members) {
        if (!member.empty()) {
          out.push_back(member);
        }
      }
    }
  }
}

}  // namespace

KeyMaker::KeyMaker() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr || EVP_DigestInit_ex2(context_, Sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
}

KeyMaker::~KeyMaker() {
  EVP_MD_CTX_free(context_);
}

void KeyMaker::GiveMemoryBack() {
  text_ = std::string();  // `= {}` would keep the memory
  canonical_ = {};
}

void KeyMaker::AppendNumber(std::uint64_t number) {
  std::array<char, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(number >> (8 * i));
  }
  text_.append(bytes.data(), bytes.size());
}

// Within whose requests the answer is found again.
void KeyMaker::AppendScope(const KeyFacts& facts) {
  static const request::Grant kNone;
  const request::Grant& grant = facts.principal.grant ? *facts.principal.grant : kNone;
  const auto append = [this](const core::Uuid& id) {
    text_.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  };
  text_ += static_cast<char>(facts.scope);
  append(grant.parties.tenant.uuid);
  if (facts.scope != Scope::kTenant) {
    const bool user = facts.scope == Scope::kUser;
    append(user ? grant.parties.user.uuid : grant.parties.key.uuid);
    const bool named =
        user ? grant.parties.user == request::UserId{} : grant.parties.key == request::KeyId{};
    AppendText(named ? std::string_view(facts.principal.id) : std::string_view(), text_);
  }
  text_ += static_cast<char>(grant.privacy);
}

void KeyMaker::AppendFacts(const KeyFacts& facts) {
  const request::Call& call = facts.call;
  text_ += '1';  // of this form
  AppendNumber(facts.epoch);
  AppendScope(facts);
  text_ += static_cast<char>(call.operation);
  text_ += static_cast<char>(call.framing);
  text_ += facts.envelope.stream ? 's' : 'w';
  for (const std::string_view text : {call.dialect->name(), call.dialect->title(), call.path,
                                      std::string_view(facts.envelope.model), call.hints.model,
                                      call.hints.labels.task, call.vendor_fields}) {
    AppendText(text, text_);
  }
}

Digest KeyMaker::Make(const KeyFacts& facts, const json::Value& body) {
  text_.clear();
  AppendFacts(facts);
  ListAside(facts, leave_out_);
  canonical_.Append(body, leave_out_, text_);
  Digest digest;
  std::array<unsigned char, sizeof(digest)> bytes;
  EVP_DigestInit_ex2(context_, nullptr, nullptr);
  EVP_DigestUpdate(context_, text_.data(), text_.size());
  EVP_DigestFinal_ex(context_, bytes.data(), nullptr);
  std::memcpy(digest.words.data(), bytes.data(), bytes.size());
  return digest;
}

}  // namespace signalbox::cache
