#!/usr/bin/env bash
# Prints the path of an InfluxDB 2.7 server binary, building it when there is none.
# Order: influxd on PATH, the build kept in the user's cache, a build from Go modules.
# The tests start it on a loopback port of their own; INFLUXDB_URL makes them use a running server instead.
set -euo pipefail

version=v2.7.12
cache="${XDG_CACHE_HOME:-$HOME/.cache}/portalwatch/influxd-$version"
binary="$cache/influxd"

if command -v influxd >/dev/null; then command -v influxd; exit 0; fi
if [ -x "$binary" ]; then echo "$binary"; exit 0; fi

missing=()
for tool in go cargo gcc; do command -v "$tool" >/dev/null || missing+=("$tool"); done
if [ ${#missing[@]} -gt 0 ]; then
    echo "influxd.sh: no influxd on PATH, and a build needs: ${missing[*]}" >&2
    echo "influxd.sh: install them, or an InfluxDB 2.7, or set INFLUXDB_URL, INFLUXDB_ORG and INFLUXDB_TOKEN" >&2
    exit 2
fi

work="$(mktemp -d)"
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
echo "influxd.sh: building InfluxDB $version, once, four to five minutes on two cores" >&2

# The Go half asks this pkg-config for libflux, and it builds the Rust half.
GOBIN="$work/bin" go install github.com/influxdata/pkg-config@v0.2.14 >&2

# Newer compilers warn where libflux's default feature "strict" turns warnings into errors.
cat >"$work/bin/cargo-without-strict" <<'WRAPPER'
#!/bin/sh
shift
exec cargo build -p flux --no-default-features --features cffi "$@"
WRAPPER
chmod +x "$work/bin/cargo-without-strict"

mkdir -p "$work/module" "$cache"
cd "$work/module"
go mod init influxd-build >/dev/null 2>&1
go get "github.com/influxdata/influxdb/v2/cmd/influxd@$version" >&2
PATH="$work/bin:$PATH" RUSTUP_TOOLCHAIN=stable CARGO="$work/bin/cargo-without-strict" \
    go build -mod=mod -tags sqlite_foreign_keys,sqlite_json,noassets \
    -o "$binary.new" github.com/influxdata/influxdb/v2/cmd/influxd >&2
mv "$binary.new" "$binary"
echo "$binary"
