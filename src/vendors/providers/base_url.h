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

}  // namespace signalbox::providers
