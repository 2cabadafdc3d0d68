// Where a provider is, put together from what is known of its vendor and what was configured.
//
// Owner: nobody, functions. Threads: any. Errors: none; a {name} without a value stays as it is.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "vendors/providers/provider.h"

namespace signalbox::providers {

// The vendor of a provider called `name`; null: none that is known.
const Vendor* VendorOf(const std::string& name, const ProviderOptions& options);

// Empty when nothing says where it is.
std::string BaseUrl(const std::string& name, const ProviderOptions& options,
                    const UpstreamGatewayOptions& gateway);

// The path of `url` as calls of a provider of `type` are put below it. A base URL may be written as
// the vendor's SDK takes it: with or without the API's version, up to its host alone.
std::string BasePath(ProviderType type, const config::Url& url, const ProviderOptions& options);

}  // namespace signalbox::providers
