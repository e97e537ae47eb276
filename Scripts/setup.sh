#!/bin/sh
# Checks for Swift and installs the system libraries that are missing. Called by the Makefile with SWIFT, APT_PACKAGES and LIBRARIES.
set -eu

if ! command -v "${SWIFT:-swift}" >/dev/null 2>&1; then
  echo "swift is not on the PATH: install a Swift toolchain, 6.3 or later (https://www.swift.org/install), and try again" >&2
  exit 1
fi

if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
  missing=""
  for package in $APT_PACKAGES; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    case "$status" in *"ok installed"*) ;; *) missing="$missing $package" ;; esac
  done
  [ -z "$missing" ] && exit 0
  as_root=""
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "these packages are missing, and there is no sudo to install them:$missing" >&2
      echo "as root: apt-get install$missing" >&2
      exit 1
    fi
    as_root="sudo"
  fi
  echo "installing$missing"
  log=$(mktemp)
  if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "the packages could not be installed:$missing" >&2
    exit 1
  fi
  rm -f "$log"
  exit 0
fi

# No apt: the libraries may be there all the same.
missing=""
for library in $LIBRARIES; do
  if ! command -v pkg-config >/dev/null 2>&1 || ! pkg-config --exists "$library"; then missing="$missing $library"; fi
done
if [ -n "$missing" ]; then
  echo "this system has no apt; install these libraries with their headers and pkg-config files, by its own package manager:$missing" >&2
  exit 1
fi
