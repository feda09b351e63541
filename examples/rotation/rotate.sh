#!/bin/sh
# Replaces the secret of a key under a running app, and ends the old one once nobody uses it: rotate.sh <keyId> [<seconds between looks>]
# The app has to read .env.local at each request, as keyFromEnvFile of outkit/proxy/node does.
set -eu
key=$1

outkit keys rotate "$key" --env-file --no-show
# Safe means: the new secret is in use, and the old one was not used for 4 hours. It ends after 24 hours in any case.
until outkit keys stats "$key" | grep -q '^oldSecretSafeToEnd	yes$'; do
  sleep "${2:-60}"
done
outkit keys rotate "$key" --end-grace -y
