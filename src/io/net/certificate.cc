#include "io/net/certificate.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>

namespace signalbox::net {
namespace {

using core::ErrorCode;
using core::Fail;

core::WallTime TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return {};
  }
  return core::WallTime(std::chrono::seconds(timegm(&parts)));
}

std::string AddressText(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size());
  return text.data();
}

std::vector<std::string> NamesOf(const X509* x509) {
  std::vector<std::string> out;
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) {
      const ASN1_STRING* text = name->d.dNSName;
      out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                       static_cast<std::size_t>(ASN1_STRING_length(text)));
    } else if (name->type == GEN_IPADD) {
      out.push_back(AddressText(name->d.iPAddress));
    }
  }
  GENERAL_NAMES_free(names);
  return out;
}

Certificate FactsOf(const X509* x509) {
  return {NamesOf(x509), TimeOf(X509_get0_notBefore(x509)), TimeOf(X509_get0_notAfter(x509))};
}

}  // namespace

core::Result<Certificate> ReadCertificate(const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "re"),
                                                               std::fclose);
  if (opened == nullptr) {
    return Fail(ErrorCode::kInvalidRequest, file + ": " + core::ErrnoMessage(errno));
  }
  const std::unique_ptr<X509, void (*)(X509*)> x509(
      PEM_read_X509(opened.get(), nullptr, nullptr, nullptr), X509_free);
  ERR_clear_error();
  if (x509 == nullptr) {
    return Fail(ErrorCode::kInvalidRequest, file + ": holds no certificate in PEM");
  }
  return FactsOf(x509.get());
}

core::Result<Certificate> PeerCertificate(const SSL* ssl) {
  const std::unique_ptr<X509, void (*)(X509*)> x509(SSL_get1_peer_certificate(ssl), X509_free);
  if (x509 == nullptr) {
    return Fail(ErrorCode::kUnavailable, "the peer has shown no certificate");
  }
  return FactsOf(x509.get());
}

}  // namespace signalbox::net
