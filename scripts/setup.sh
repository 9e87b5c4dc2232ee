#!/usr/bin/env bash
# Sets up what portalwatch runs on, once and again: virtual environment, Chromium, certutil.
# With "test" also the servers that the tests start: InfluxDB, Prometheus's promtool, Pushgateway; with "bench" the
# peer that benchmarks are measured beside as well.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
stamp="$venv/.requirements-$(cat requirements/dev.txt pyproject.toml | sha256sum | cut -c1-16)"

if [ ! -e "$stamp" ]; then
    python="${PYTHON:-python3}"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "setup: Python 3.11 or newer is needed, $("$python" --version) found; set PYTHON" >&2; exit 2; }
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    echo "setup: installing the pinned requirements into $venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    rm -f "$venv"/.requirements-*
    touch "$stamp"
fi

has_chromium() {
    "$venv/bin/python" -m probes.browser.find >/dev/null 2>&1
}

packages=()
if ! has_chromium; then
    "$venv/bin/playwright" install --only-shell chromium >/dev/null 2>&1 || true
    has_chromium || packages+=(chromium-headless-shell)
fi
command -v certutil >/dev/null || packages+=(libnss3-tools)
command -v setpriv >/dev/null || packages+=(util-linux)
if [ "${1:-}" = bench ]; then
    command -v prometheus-blackbox-exporter >/dev/null || packages+=(prometheus-blackbox-exporter)
fi
if [ -n "${1:-}" ]; then
    command -v promtool >/dev/null || packages+=(prometheus)
    command -v prometheus-pushgateway >/dev/null || packages+=(prometheus-pushgateway)
fi

if [ ${#packages[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n); else
            echo "setup: missing, and you may not install packages: ${packages[*]}" >&2
            echo "setup: ask for them (Debian's names), then run this again" >&2
            exit 2
        fi
    fi
    echo "setup: installing Debian's packages ${packages[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq >/dev/null
    # Debian starts these servers as services of its own; ours are started by the tests, on free ports.
    "${as_root[@]}" env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

if [ -n "${1:-}" ] && [ -z "${INFLUXDB_URL:-}" ]; then
    scripts/influxd.sh >/dev/null
fi
