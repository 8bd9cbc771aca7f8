# Sourced by the commands in script/: the repository's folder, and functions that make its virtual environment.
# bash and Python 3.11 or newer are all that is assumed of the machine.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUTF8=1
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Sets `python` to the first Python that is new enough.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3 python; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 \
            && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            python=$(command -v "$candidate")
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found. Install it, or name it: PYTHON=/path/to/python $0"
}

make_virtual_environment() {
    if [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' >/dev/null 2>&1; then
        return
    fi
    "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 \
        || fail "$python lacks its modules venv and ensurepip. On Debian and Ubuntu: apt-get install python3-venv"
    rm -rf .venv
    "$python" -m venv .venv || fail "The virtual environment .venv could not be made (see above)."
}

# install NAME FILE...: installs the locked requirements of the files, unless these very files were installed before.
install() {
    local name=$1 stamp digest log file arguments=()
    shift
    stamp=.venv/.$name
    digest=$(cat "$@" | .venv/bin/python -c 'import hashlib, sys; print(sys.version_info[:2], hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
    if [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ]; then
        return
    fi
    for file in "$@"; do
        arguments+=(-r "$file")
    done
    log=var/log/pip.log
    mkdir -p var/log
    echo "Installing Python packages (a few minutes at the first time) ..."
    SECONDS=0
    if ! .venv/bin/python -m pip install --quiet --no-input --require-hashes "${arguments[@]}" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        if grep -q 'No space left on device' "$log"; then
            fail "The disk is full."
        fi
        fail "The Python packages could not be installed (see above)."
    fi
    printf '%s\n' "$digest" >"$stamp"
    echo "Installing Python packages: $SECONDS s"
}

prepare() {
    find_python
    make_virtual_environment
    install musenest requirements.txt moderation/server/requirements.txt
}

prepare_for_development() {
    prepare
    install musenest-dev requirements.txt moderation/server/requirements.txt requirements-dev.txt
}
