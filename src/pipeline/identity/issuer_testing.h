// An issuer of tokens for tests: keys of its own, the key set that it would publish, tokens signed.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <string>
#include <vector>

#include "pipeline/identity/base64url.h"
#include "pipeline/identity/jwk.h"

namespace signalbox::identity {

// One key pair.
class SigningKey {
 public:
  SigningKey(Algorithm algorithm, std::string id) : algorithm_(algorithm), id_(std::move(id)) {
    key_ = algorithm == Algorithm::kRs256   ? EVP_RSA_gen(2048)
           : algorithm == Algorithm::kEs256 ? EVP_EC_gen("P-256")
                                            : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  ~SigningKey() { EVP_PKEY_free(key_); }
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  const std::string& id() const { return id_; }
  std::string_view name() const {
    return algorithm_ == Algorithm::kRs256   ? "RS256"
           : algorithm_ == Algorithm::kEs256 ? "ES256"
                                             : "EdDSA";
  }

  std::string Jwk() const {
    const std::string start = R"({"kid":")" + id_ + R"(","use":"sig","alg":")";
    const std::string head = start + std::string(name()) + R"(",)";
    if (algorithm_ == Algorithm::kRs256) {
      return head + R"("kty":"RSA","n":")" + Number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
             Number(OSSL_PKEY_PARAM_RSA_E) + R"("})";
    }
    if (algorithm_ == Algorithm::kEs256) {
      return head + R"("kty":"EC","crv":"P-256","x":")" + Number(OSSL_PKEY_PARAM_EC_PUB_X, 32) +
             R"(","y":")" + Number(OSSL_PKEY_PARAM_EC_PUB_Y, 32) + R"("})";
    }
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key_, reinterpret_cast<unsigned char*>(raw.data()), &size);
    return head + R"("kty":"OKP","crv":"Ed25519","x":")" + ToBase64Url(raw) + R"("})";
  }

  std::string Token(const std::string& claims) const {
    return Token(R"({"alg":")" + std::string(name()) + R"(","kid":")" + id_ + R"("})", claims);
  }
  std::string Token(const std::string& header, const std::string& claims) const {
    const std::string text = ToBase64Url(header) + "." + ToBase64Url(claims);
    return text + "." + ToBase64Url(Sign(text));
  }

 private:
  std::string Number(const char* name, int width = 0) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &number);
    const int size = width > 0 ? width : BN_num_bytes(number);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size);
    BN_free(number);
    return ToBase64Url(bytes);
  }

  std::string Sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const EVP_MD* digest = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
    EVP_DigestSignInit(context, nullptr, digest, nullptr, key_);
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    signature.resize(size);
    return algorithm_ == Algorithm::kEs256 ? RawOf(signature) : signature;
  }

  // r and s, 32 bytes each, out of DER.
  static std::string RawOf(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* parts = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string raw(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parts), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts), out + 32, 32);
    ECDSA_SIG_free(parts);
    return raw;
  }

  Algorithm algorithm_;
  std::string id_;
  EVP_PKEY* key_ = nullptr;
};

inline std::string KeySetOf(const std::vector<const SigningKey*>& keys) {
  std::string set = R"({"keys":[)";
  for (const SigningKey* key : keys) {
    set += (key == keys.front() ? "" : ",") + key->Jwk();
  }
  return set + "]}";
}

}  // namespace signalbox::identity
