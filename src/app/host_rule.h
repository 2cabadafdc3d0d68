// A key goes only where whoever wrote it wanted it to go: who changes a provider's host gives its
// key again, in the same place.
//
// Owner:   nobody, it is a function. Threads: any.
// Errors:  complaints in `loaded`, at the key that chose the host.
// Cancel:  nothing waits.
//
// A place is the configuration's text, a profile in it, the environment, or the command line. A
// base URL and the key have to be from one place; what chooses a host otherwise (the vendor,
// Azure's resource, an upstream gateway) may not be from a later place than the key.
#pragma once

#include "app/options.h"
#include "base/config/load.h"

namespace signalbox::app {

void CheckHosts(config::Loaded<Options>& loaded);

}  // namespace signalbox::app
