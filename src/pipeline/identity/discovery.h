// Where an issuer's keys are, by its own description.
//
// Pure. Errors: kUpstreamProtocol for a description that is none, or another issuer's.
// Source:  OpenID Connect Discovery 1.0, section 4.
#pragma once

#include <string>
#include <string_view>

#include "base/config/values.h"
#include "base/core/error.h"

namespace signalbox::identity {

// Whether `url` is one that keys may come from: https, or http on this machine.
bool KeysMayComeFrom(const config::Url& url);

// Of the description, for an issuer whose name is a URL.
std::string DiscoveryUrl(std::string_view issuer);
// `jwks_uri`.
core::Result<std::string> ReadJwksUrl(std::string_view json, std::string_view issuer);

}  // namespace signalbox::identity
