// The command line: which commands there are and what each takes.
#pragma once

namespace signalbox::app {

// The exit status: 0 done, 1 failed, 2 wrong arguments or configuration.
int Main(int argc, char** argv);

}  // namespace signalbox::app
