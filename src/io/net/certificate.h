// What a certificate says of itself, for people: whose it is and until when.
//
// Owner:   the caller; plain data. Threads: any.
// Errors:  ReadCertificate: the file cannot be read or is no certificate.
// Cancel:  nothing waits but for the disk.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "base/core/time.h"
#include "io/net/tls.h"

namespace signalbox::net {

struct Certificate {
  std::vector<std::string> names;  // that it is for: DNS names and addresses
  core::WallTime from;
  core::WallTime until;
};

// The first one of a PEM file: the server's own, before those that vouch for it.
core::Result<Certificate> ReadCertificate(const std::string& file);
// The peer's, after a handshake.
core::Result<Certificate> PeerCertificate(const SSL* ssl);

}  // namespace signalbox::net
