"""`signalbox completion`: the scripts, run by the real shells."""

import os
import shutil
import subprocess

import pytest

from support.gateway import BINARY, ROOT, clean_env, run_cli


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the three scripts, the program on PATH and a file to complete."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "bin").mkdir()
    (folder / "bin" / "signalbox").symlink_to(os.path.abspath(BINARY))
    (folder / "house.yaml").write_text("server: {}\n")
    for shell in ("bash", "zsh", "fish"):
        done = run_cli("completion", shell)
        assert done.returncode == 0 and done.stderr == "", done.stderr
        (folder / f"_signalbox.{shell}").write_text(done.stdout)
    return folder


def environment(home):
    env = clean_env({"HOME": str(home), "XDG_CONFIG_HOME": str(home), "TERM": "dumb",
                     "OPENAI_API_KEY": "sk-test"})
    env["PATH"] = f"{home / 'bin'}:{env.get('PATH', '')}"
    return env


def run(home, *command, text=None):
    done = subprocess.run(command, cwd=home, env=environment(home), capture_output=True, text=True,
                          timeout=60, input=text)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


BASH = r"""
source ./_signalbox.bash
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_signalbox
printf '%s\n' "${COMPREPLY[@]}"
"""


def bash(home, *words):
    return run(home, "bash", "-c", BASH, "bash", *words).split()


def fish(home, line):
    if not shutil.which("fish"):
        pytest.skip("fish is not installed (Debian package fish)")
    text = run(home, "fish", "-c", f"source ./_signalbox.fish; complete -C '{line}'")
    return [each.split("\t")[0] for each in text.splitlines()]


ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
ask() { zpty -w shell "$1"; }
ask "PS1=; PROMPT=; stty -echo; autoload -U compinit; compinit -D -u; source ./_signalbox.zsh"
ask "zstyle ':completion:*' list-separator '' ; zstyle ':completion:*' verbose no"
ask "LISTMAX=10000; setopt no_auto_menu; bindkey '^I' complete-word; bindkey '^X' list-choices"
ask "signalbox_insert() { compstate[insert]=; compstate[list]=; print -r -- BEGIN; }"
# Every candidate goes through compadd, which is watched.
ask 'compadd() { local -a all; builtin compadd -O all "$@"; print -rl -- "<"${^all}">" >>$HOME/seen; builtin compadd "$@"; }'
ask "echo READY"
while zpty -r shell line; do [[ $line == *READY* ]] && break; done
zpty -n -w shell "$1"$'\t'
sleep_until=$((SECONDS + 10))
while (( SECONDS < sleep_until )) && [[ ! -s $HOME/seen ]]; do zpty -rt shell line; done
zpty -n -w shell $'\x15'
ask "echo OVER"
while zpty -r shell line; do [[ $line == *OVER* ]] && break; done
zpty -d shell
cat $HOME/seen
"""


def zsh(home, line):
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed (Debian package zsh)")
    (home / "seen").unlink(missing_ok=True)
    text = run(home, "zsh", "-f", "-c", ZSH, "zsh", line)
    return [each[1:-1] for each in text.splitlines() if each.startswith("<")]


def test_bash_completes_commands_options_words_and_files(home):
    assert bash(home, "signalbox", "mod") == ["models"]
    assert set(bash(home, "signalbox", "models", "")) == {"list", "show", "test", "refresh"}
    assert "--config" in bash(home, "signalbox", "serve", "--")
    assert set(bash(home, "signalbox", "completion", "")) == {"bash", "fish", "zsh"}
    assert bash(home, "signalbox", "serve", "-c", "hou") == ["house.yaml"]
    assert bash(home, "signalbox", "serve", "--config", "=", "hou") == ["house.yaml"]
    assert bash(home, "signalbox", "chat", "--key", "") == []
    assert "complete" not in bash(home, "signalbox", "")


def test_bash_completes_names_of_models(home):
    assert "openai/gpt-4o-mini" in bash(home, "signalbox", "chat", "-m", "openai/gpt-4o-m")
    assert "openai/gpt-4o" in bash(home, "signalbox", "models", "show", "openai/gpt-4")
    assert "auto" in bash(home, "signalbox", "chat", "--model", "=", "au")
    assert "openai" in bash(home, "signalbox", "models", "list", "--provider", "op")


def test_bash_completes_behind_a_colon(home):
    """bash breaks words at ':' and replaces only what is behind the last one."""
    script = BASH.replace("_signalbox\n", '_signalbox_values() { _signalbox_offer <<<"ft:a:one"; }\n'
                                          "_signalbox\n")
    text = run(home, "bash", "-c", script, "bash", "signalbox", "chat", "-m", "ft", ":", "a")
    assert text.split() == ["a:one"]


def test_bash_expands_nothing_in_a_candidate(home):
    script = BASH.replace("_signalbox\n", "_signalbox_values() { _signalbox_offer "
                                          "<<<'$(touch broken)x'; }\n_signalbox\n")
    text = run(home, "bash", "-c", script, "bash", "signalbox", "chat", "-m", "")
    assert text.strip() == "$(touch broken)x" and not (home / "broken").exists()


def test_fish_completes_commands_options_words_files_and_models(home):
    assert fish(home, "signalbox mod") == ["models"]
    assert set(fish(home, "signalbox models ")) == {"list", "show", "test", "refresh"}
    assert "--config" in fish(home, "signalbox serve --c")
    assert fish(home, "signalbox serve -c hou") == ["house.yaml"]
    assert set(fish(home, "signalbox completion ")) == {"bash", "fish", "zsh"}
    assert "openai/gpt-4o-mini" in fish(home, "signalbox chat -m openai/gpt-4o-m")


def test_zsh_completes_commands_words_and_models(home):
    assert "models" in zsh(home, "signalbox mod")
    assert {"list", "show", "test", "refresh"} <= set(zsh(home, "signalbox models "))
    assert "--config" in zsh(home, "signalbox serve --c")
    assert {"bash", "fish", "zsh"} <= set(zsh(home, "signalbox completion "))
    assert "openai/gpt-4o-mini" in zsh(home, "signalbox chat -m openai/gpt-4o-m")


def test_every_shell_takes_its_script(home):
    for shell in ("bash", "zsh", "fish"):
        if shutil.which(shell):
            run(home, shell, "-n", f"_signalbox.{shell}")


def test_names_are_silent_about_a_wrong_configuration(tmp_path):
    done = run_cli("complete", "models", env={"SIGNALBOX_SERVER__WORKERS": "many"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_man_page_in_docs_is_what_the_program_prints():
    done = run_cli("man")
    assert done.returncode == 0
    assert done.stdout == (ROOT / "docs" / "signalbox.1").read_text(), (
        "docs/signalbox.1 differs; scripts/write_docs writes it again")


def test_the_man_page_is_clean():
    checks = [["mandoc", "-T", "lint"], ["man", "--warnings", "-l"]]
    page = str(ROOT / "docs" / "signalbox.1")
    found = [check for check in checks if shutil.which(check[0])]
    if not found:
        pytest.skip("neither mandoc nor man is installed (Debian packages mandoc, man-db)")
    for check in found:
        done = subprocess.run([*check, page], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
        complaints = done.stderr + (done.stdout if check[0] == "mandoc" else "")
        assert done.returncode == 0 and complaints == "", complaints
