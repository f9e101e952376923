# Sourced by the scripts beside it: makes sure that Debian packages are there.

# need_packages PACKAGE... : installs the missing ones as root; else prints the line that does and ends with status 2.
need_packages() {
  local missing=() package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ! command -v apt-get >/dev/null; then
    echo "missing: ${missing[*]} (these are Debian's names; this system has no apt-get to install them)" >&2
    exit 2
  fi
  if ((EUID != 0)); then
    echo "missing: ${missing[*]}; please run:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  echo "installing ${missing[*]}"
  # The servers are started by whoever needs them, on ports of their own: none by being installed.
  local policy=/usr/sbin/policy-rc.d ours=
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && ours=yes
  fi
  local log status=0
  log=$(mktemp)
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 </dev/null || status=$?
  [[ -z $ours ]] || rm -f "$policy"
  if ((status)); then
    tail -20 "$log" >&2
    echo "apt-get could not install ${missing[*]}" >&2
    exit 2
  fi
  rm -f "$log"
}

# need_swift : ends with status 2 when there is no Swift 6.3 or later.
need_swift() {
  local version
  version=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9]+\.[0-9]+' || true)
  if [[ -z $version ]] || [[ $(printf '%s\n' 6.3 "$version" | sort -V | head -1) != 6.3 ]]; then
    echo "Swift 6.3 or later is needed (found: ${version:-none}); see https://www.swift.org/install" >&2
    exit 2
  fi
}

BUILD_PACKAGES=(libzmq3-dev libxml2-dev libunbound-dev libsqlite3-dev libpq-dev pkg-config)
PEER_PACKAGES=(prosody lua-unbound kamailio kamailio-tls-modules sip-tester baresip-core linphone-cli python3
  python3-slixmpp python3-zmq python3-protobuf protobuf-compiler postgresql openssl valgrind binutils)
