#include "pipeline/identity/jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <optional>

#include "base/json/document.h"
#include "pipeline/identity/base64url.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;

template <auto free>
struct Free {
  void operator()(auto* object) const { free(object); }
};
using Pkey = std::shared_ptr<EVP_PKEY>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using ParamList = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;

constexpr std::size_t kCoordinateBytes = 32;  // of P-256

const unsigned char* Raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::optional<std::string> TextOf(const json::Value& object, std::string_view name) {
  const auto value = object.Find(name);
  return value ? value->AsString() : std::nullopt;
}

std::optional<std::string> BytesOf(const json::Value& object, std::string_view name) {
  const auto text = TextOf(object, name);
  return text && !text->empty() ? FromBase64Url(*text) : std::nullopt;
}

Pkey FromParams(const char* kind, OSSL_PARAM_BLD* builder) {
  const ParamList params(OSSL_PARAM_BLD_to_param(builder));
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  Pkey made(key, Free<EVP_PKEY_free>());
  const PkeyContext check(EVP_PKEY_CTX_new(key, nullptr));
  return check != nullptr && EVP_PKEY_public_check(check.get()) == 1 ? made : nullptr;
}

Pkey ReadRsa(const json::Value& object) {
  const auto modulus = BytesOf(object, "n");
  const auto exponent = BytesOf(object, "e");
  // 2048 bits at least (RFC 7518 section 3.3), and no more than what is quickly verified.
  if (!modulus || !exponent || modulus->size() < 256 || modulus->size() > 1024 ||
      exponent->size() > 4) {
    return nullptr;
  }
  const Number n(BN_bin2bn(Raw(*modulus), static_cast<int>(modulus->size()), nullptr));
  const Number e(BN_bin2bn(Raw(*exponent), static_cast<int>(exponent->size()), nullptr));
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (n == nullptr || e == nullptr || builder == nullptr || BN_num_bits(n.get()) < 2048 ||
      BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) != 0 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return FromParams("RSA", builder.get());
}

Pkey ReadP256(const json::Value& object) {
  const auto x = BytesOf(object, "x");
  const auto y = BytesOf(object, "y");
  if (!x || !y || x->size() != kCoordinateBytes || y->size() != kCoordinateBytes) {
    return nullptr;
  }
  const std::string point = "\x04" + *x + *y;  // uncompressed
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return FromParams("EC", builder.get());
}

Pkey ReadEd25519(const json::Value& object) {
  const auto x = BytesOf(object, "x");
  if (!x || x->size() != kCoordinateBytes) {
    return nullptr;
  }
  return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Raw(*x), x->size()),
          Free<EVP_PKEY_free>()};
}

// Nullopt: not of a kind that is used here.
std::optional<PublicKey> ReadKey(const json::Value& object) {
  if (!object.IsObject() || TextOf(object, "use").value_or("sig") != "sig") {
    return std::nullopt;
  }
  const std::string kind = TextOf(object, "kty").value_or("");
  const std::string curve = TextOf(object, "crv").value_or("");
  PublicKey key{.id = TextOf(object, "kid").value_or(""), .key = nullptr};
  std::string_view name;
  if (kind == "RSA") {
    key.algorithm = Algorithm::kRs256;
    key.key = ReadRsa(object);
    name = "RS256";
  } else if (kind == "EC" && curve == "P-256") {
    key.algorithm = Algorithm::kEs256;
    key.key = ReadP256(object);
    name = "ES256";
  } else if (kind == "OKP" && curve == "Ed25519") {
    key.algorithm = Algorithm::kEdDsa;
    key.key = ReadEd25519(object);
    name = "EdDSA";
  }
  if (key.key == nullptr || TextOf(object, "alg").value_or(std::string(name)) != name) {
    return std::nullopt;
  }
  return key;
}

// r and s as they stand in a token, in the form in which OpenSSL takes them.
std::optional<std::string> DerOf(std::string_view signature) {
  if (signature.size() != 2 * kCoordinateBytes) {
    return std::nullopt;
  }
  const std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>> parts(ECDSA_SIG_new());
  Number r(BN_bin2bn(Raw(signature), kCoordinateBytes, nullptr));
  Number s(BN_bin2bn(Raw(signature.substr(kCoordinateBytes)), kCoordinateBytes, nullptr));
  if (parts == nullptr || r == nullptr || s == nullptr ||
      ECDSA_SIG_set0(parts.get(), r.get(), s.get()) != 1) {
    return std::nullopt;
  }
  (void)r.release();
  (void)s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parts.get(), &der);
  if (size <= 0) {
    return std::nullopt;
  }
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

}  // namespace

core::Result<KeySet> KeySet::Parse(std::string_view json) {
  json::Document document;
  if (json.size() > kMostKeySetBytes || !document.Parse(json, {.max_depth = 8})) {
    return Fail(ErrorCode::kUpstreamProtocol, "the answer is no JSON, or too long for a key set");
  }
  const auto keys = document.Root().Find("keys");
  if (!keys || !keys->IsArray() || keys->CountChildren() > kMostKeysInSet) {
    return Fail(ErrorCode::kUpstreamProtocol, "the answer has no list `keys`, or too many keys");
  }
  KeySet set;
  json::ForEachElement(*keys, [&](const json::Value& object) {
    if (auto key = ReadKey(object)) {
      set.keys_.push_back(*std::move(key));
    }
  });
  return set;
}

const PublicKey* KeySet::Find(std::string_view id, Algorithm algorithm) const {
  const PublicKey* found = nullptr;
  for (const PublicKey& key : keys_) {
    if (key.algorithm != algorithm || (!id.empty() && key.id != id)) {
      continue;
    }
    if (found != nullptr) {
      return nullptr;  // which one is not said
    }
    found = &key;
  }
  return found;
}

bool Verify(const PublicKey& key, std::string_view text, std::string_view signature) {
  std::optional<std::string> der;
  if (key.algorithm == Algorithm::kEs256) {
    der = DerOf(signature);
    if (!der) {
      return false;
    }
    signature = *der;
  }
  const std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  const EVP_MD* const digest = key.algorithm == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  return context != nullptr && !signature.empty() &&
         EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Raw(signature), signature.size(), Raw(text),
                          text.size()) == 1;
}

}  // namespace signalbox::identity
