#!/bin/sh
# Names what this machine lacks, or has too old, before anything is installed.
# Usage: preflight.sh PYTHON [terraform]. It reads no network.
missing=""

# need NAME MINIMUM VERSION REMEDY: NAME must have a VERSION of at least MINIMUM; empty where it is missing.
need() {
  if [ -z "$3" ]; then
    missing="$missing
  $1 $2 or later is needed, and is not installed. $4"
  elif [ "$(printf '%s\n' "$2" "$3" | sort -t. -k1,1n -k2,2n | head -n 1)" != "$2" ]; then
    missing="$missing
  $1 $2 or later is needed; version $3 is installed. $4"
  fi
}

# version COMMAND...: the first number with a dot in what it prints.
version() {
  "$@" 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1
}

need Python 3.11 "$(version "$1" --version)" \
  "Get it from https://www.python.org/downloads/, or name another one: make PYTHON=python3.12"
need Node.js 20.0 "$(version node --version)" "Get version 22 from https://nodejs.org/en/download"
need npm 9.0 "$(version npm --version)" "It comes with Node.js: https://nodejs.org/en/download"
if [ "$2" = terraform ]; then
  case "${TERRAFORM_BINARY_NAME:-terraform}" in
    *tofu*) need OpenTofu 1.10 "$(version "$TERRAFORM_BINARY_NAME" version)" \
      "Get it from https://opentofu.org/docs/intro/install/" ;;
    *) need Terraform 1.11 "$(version "${TERRAFORM_BINARY_NAME:-terraform}" version)" \
      "Get it from https://developer.hashicorp.com/terraform/install" ;;
  esac
fi

if [ -n "$missing" ]; then
  echo "This machine is not ready:$missing" >&2
  exit 1
fi
