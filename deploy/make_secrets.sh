#!/bin/sh
# Prints fresh secrets for deploy/compose.yml, one line each. Keep the file where only the operator reads it: chmod 600.
set -eu
umask 077
hex() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
printf 'SAYABLE_CHANNEL_SECRET=%s\n' "$(hex)"
printf 'SAYABLE_ACTIONS_SECRET=%s\n' "$(hex)"
printf 'SAYABLE_SESSION_SECRET=%s\n' "$(hex)"
printf 'SAYABLE_POSTGRES_PASSWORD=%s\n' "$(hex)"
printf 'SAYABLE_WORDS_KEY=%s\n' "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
