// The language of configuration files, as docs/configuration.md tells it.
#include "base/config/show.h"

namespace signalbox::config {

std::string_view ReferenceIntroduction() {
  return R"(# Configuration

This page is generated from the option tables; a test compares them.

Nothing is required: without a file Signalbox starts with its defaults. `signalbox config check`
lists every mistake of all files at once, with file, line and column; `signalbox config show` prints
the configuration in effect and where each value came from. With any mistake Signalbox does not
start, and a running one keeps what it has.

**Where values come from**, later over earlier: the defaults below, the YAML file
(`signalbox serve --config FILE`) with what it includes, the profile in effect, the environment, the
command line.

**Environment.** `server.listen` is `SIGNALBOX_SERVER__LISTEN`: the path in capitals with two
underscores between levels, every character of an entry's name that is no letter or digit as `_`.
Lists are written with commas. An empty variable counts as not set; a name with two underscores that
is no option is an error. An entry that the file does not have is made by its first variable. A
secret's name with `_FILE` names the file that holds it: `SIGNALBOX_ACCESS__KEY_FILE`.

**Variables in values.** `${NAME}` takes an environment variable and fails when it is not set,
`${NAME:-default}` falls back, `$${` is a plain `${`.

**Values.** Durations `250us`, `300ms`, `10s`, `5m`, `2h`, `7d`. Sizes `512B`, `64KiB`, `32MiB`,
`1GiB` (powers of two) and `64KB`, `32MB`, `1GB` (powers of ten). Booleans `true` and `false`. Whole
numbers in decimal. Anchors and aliases work within a file; tags and merge keys (`<<`) do not. One
document a file; all files together at most 1 MiB.

## Secrets

A secret is never printed, only `<set>` or `<not set>`, and it is best not in the file:

```yaml
access: { key: "${SIGNALBOX_ACCESS_KEY}" }                    # an environment variable
providers:
  openai: { key: { file: /run/secrets/openai } }              # a file
  groq: { key: { command: [pass, show, groq] } }              # what a program prints
  mistral: { key: { command: "vault kv get -field=key kv/mistral | tr -d ' '" } }
```

- **file**: relative to the configuration file that names it; at most 64 KiB, a regular file. Line
  breaks at its end are left out. A file that every user of the machine may read gives a warning
  (not one under `/run/secrets`, where container platforms put them so). `${NAME}` works in the
  path: `{ file: "${CREDENTIALS_DIRECTORY}/openai" }` is a systemd credential.
- **command**: a list is a program and its arguments, run as they are, without a shell; a text is
  for `/bin/sh -c`, and there the shell puts variables in, not Signalbox. It has 5 s and may print
  64 KiB on standard output; the line breaks at the end are left out. Its standard error is thrown
  away because it may hold the secret: run it by hand to see why it fails. It runs at every start,
  check and reload, in the working directory of Signalbox, with no standard input.

## Several files

```yaml
include: [providers.yaml, conf.d/*.yaml]        # or one path
```

`include` stands at the top of a file. Relative paths begin at the file that includes. A pattern
(`*`, `?`, `[ ]`) may match nothing; a plain path must be there. Files are put together as if they
were one: sections and entries are joined key by key, and an option that is set in two files is an
error that names both places, as it is in one file. What is meant to replace something is a profile.
No file twice, no circles, 8 files deep and 64 in all.

## Profiles

```yaml
log: { level: info }
profiles:
  dev: { log: { level: debug } }
  production:
    server: { listen: "0.0.0.0:8080" }
    access: { key: { file: /run/secrets/access } }
```

`SIGNALBOX_PROFILE=production` or `--profile production` puts that profile over the rest of the
files: options replace, lists replace as a whole, entries that are new are added. Without either no
profile is in effect; a name that the files do not have is an error. The other profiles are checked
too, but for their variables, files and commands.

## Changes while running

Signalbox reads its files again when one of them changes (also those of secrets, and when a link is
switched, as Kubernetes does), on SIGHUP and by command. What is wrong changes nothing: all mistakes
are listed and the configuration in effect stays. What is right is taken over where *reload* says
`yes`; the rest is named and waits for a restart. *Reload* of named entries is about entries that
come and go.

Every configuration that took effect is kept in `config-history` of the data directory, the last 50:
the texts of the files, the values, when, and why. `signalbox config history` lists them,
`signalbox config diff` compares two, `signalbox config restore` writes the files of one back. A
secret that stands in a file is not kept: a restore leaves the one that stands there now, and refuses
when there is none.
)";
}

}  // namespace signalbox::config
