// Certificates made on the spot, for tests.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace signalbox::net {

// A key pair with a certificate, and both as PEM files in a directory that goes with it.
class TestCertificate {
 public:
  // `names`: as in an openssl configuration, "DNS:localhost,IP:127.0.0.1". Signed by itself.
  explicit TestCertificate(const std::string& names, long valid_from = -3600,
                           long valid_until = 3600)
      : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), certificate_(X509_new(), X509_free) {
    X509* x509 = certificate_.get();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), valid_from);
    X509_gmtime_adj(X509_getm_notAfter(x509), valid_until);
    X509_set_pubkey(x509, key_.get());
    X509_NAME* name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(x509, name);
    Extend(NID_subject_alt_name, names.c_str());
    Extend(NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(x509, key_.get(), EVP_sha256());
    std::string directory = (std::filesystem::temp_directory_path() / "tls-XXXXXX").string();
    directory_ = mkdtemp(directory.data());
    Write();
  }
  ~TestCertificate() { std::filesystem::remove_all(directory_); }
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  std::string cert_file() const { return directory_ + "/cert.pem"; }
  std::string key_file() const { return directory_ + "/key.pem"; }

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

  void Extend(int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate_.get(), certificate_.get(), nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    ASSERT_NE(extension, nullptr) << value;
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  void Write() const {
    const File cert(std::fopen(cert_file().c_str(), "w"), std::fclose);
    PEM_write_X509(cert.get(), certificate_.get());
    const File key(std::fopen(key_file().c_str(), "w"), std::fclose);
    PEM_write_PrivateKey(key.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }

  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> certificate_;
  std::string directory_;
};

}  // namespace signalbox::net
