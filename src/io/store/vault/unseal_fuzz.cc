// Any bytes as a sealed thing, a sealed stream, a set of data keys and a master key: nothing
// crashes, nothing opens that was not sealed, and what parses is written back the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/store/vault/key_set_json.h"
#include "io/store/vault/key_store_testing.h"
#include "io/store/vault/vault.h"

namespace {

using namespace signalbox::vault;  // NOLINT: a fuzz target is one file

void Require(bool holds) {
  if (!holds) std::abort();
}

class Fixture {
 public:
  Fixture() {
    std::vector<MasterKey> keys;
    keys.push_back(MasterKey::New());
    vault_ = *Vault::Open(store_, std::move(keys));
    id_ = *vault_->Rotate("prompts");
  }
  void Open(std::string_view bytes) {
    Require(!vault_->Unseal("prompts", bytes, "row"));
    auto opener = vault_->UnsealStream("prompts", bytes.substr(0, kHeadBytes), "row");
    if (!opener) return;
    std::string out;
    std::string_view rest = bytes.substr(std::min(bytes.size(), kHeadBytes));
    const bool good = opener->Next(rest, out) && opener->End(out);
    Require(!good && out.empty());
  }
  // With the id of a key that is there, so that the ciphertext is looked at.
  void OpenPatched(std::string bytes) {
    if (bytes.size() < kHeadBytes) return;
    std::copy(id_.uuid.bytes.begin(), id_.uuid.bytes.end(), bytes.begin() + 1);
    for (const Form form : {Form::kWhole, Form::kStream}) {
      bytes[0] = static_cast<char>(form);
      Open(bytes);
    }
  }

 private:
  MemoryKeyStore store_;
  std::unique_ptr<Vault> vault_;
  DataKeyId id_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Fixture fixture;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fixture.Open(text);
  fixture.OpenPatched(std::string(text));
  if (const auto set = ParseKeySet(text)) {
    Require(*ParseKeySet(KeySetJson(*set)) == *set);
  }
  if (const auto key = MasterKey::Parse(text)) {
    Require(MasterKey::Parse(key->FileText())->id == key->id);
  }
  return 0;
}
