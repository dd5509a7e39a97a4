#!/bin/sh
# Make a virtual environment, if there is none that works, and install into it.
#
#   scripts/venv.sh DIRECTORY REQUIREMENTS.txt
#
# Uses $PYTHON if it is set, else the first Python 3.11 to 3.13 that really runs: a
# pyenv shim is on the PATH also when the version behind it is not chosen.
set -eu

directory=$1
requirements=$2

say() { printf '%s\n' "$*" >&2; }

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
        </dev/null >/dev/null 2>&1
}

# Debian and Ubuntu ship venv without its half that installs pip.
can_make_venv() { "$1" -c 'import ensurepip, venv' </dev/null >/dev/null 2>&1; }

find_python() {
    without_venv=
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3.12 python3.13 python3.11 python3 python \
            "${PYENV_ROOT:-${HOME:-/root}/.pyenv}"/versions/3.1[123].*/bin/python
    fi
    for candidate; do
        supported "$candidate" || continue
        if can_make_venv "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
        without_venv=${without_venv:-$candidate}
    done
    if [ -n "$without_venv" ]; then
        say "$without_venv cannot make virtual environments: its venv module is not complete."
        say 'On Debian and Ubuntu: sudo apt-get install python3-venv. Then run make again.'
    elif [ -n "${PYTHON:-}" ]; then
        say "PYTHON=$PYTHON does not run, or is not Python 3.11, 3.12 or 3.13."
    else
        say 'No Python 3.11, 3.12 or 3.13 found (tried python3.12, python3.13, python3.11,'
        say 'python3, python and pyenv). Install one from https://www.python.org/downloads/,'
        say 'or name the one you have: make PYTHON=/path/to/python3.12 ...'
    fi
    return 1
}

if ! supported "$directory/bin/python" || ! "$directory/bin/python" -c 'import pip' 2>/dev/null; then
    python=$(find_python) || exit 1
    say "Making $directory with $("$python" --version) ..."
    # Only ever remove what is a virtual environment.
    if [ -f "$directory/pyvenv.cfg" ]; then rm -rf "$directory"; fi
    "$python" -m venv "$directory" </dev/null
fi

say "Installing $requirements (a minute or two, once) ..."
"$directory/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    -r "$requirements" </dev/null
