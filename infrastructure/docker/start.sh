#!/bin/sh
# The command of an image: becomes the service of the working directory, so that signals reach Node itself. Without an
# ADVERTISE_HOST it registers under the address of this container, so that every replica has one of its own.
set -eu
here=$(dirname "$0")
if [ -z "${ADVERTISE_HOST:-}" ]; then
  address=$(getent ahostsv4 "${HOSTNAME:-$(cat /etc/hostname)}" | head -n 1) || address=
  export ADVERTISE_HOST="${address%% *}"
fi
# shellcheck disable=SC2046 # Each flag is a word.
exec node $(grep '^--' "$here/node-flags") src/main.ts
