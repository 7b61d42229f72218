#!/bin/sh
# Sends files to HomeServer, for cron and the like: send.sh PATH...
#
# The token (scope files:write) is read from a file that nobody else can read, ~/.homeserver-token or the
# one that HOMESERVER_TOKEN_FILE names. To make it: run this, paste the token, Enter, Ctrl-D.
#   (umask 077 && cat >~/.homeserver-token)
# So it stands neither in a crontab nor in an environment, and in no list of processes: printf is a part of
# the shell, and curl is given the header through a pipe.
set -eu

server=${HOMESERVER:-http://localhost:8000}
token_file=${HOMESERVER_TOKEN_FILE:-$HOME/.homeserver-token}
token=$(cat "$token_file")

for file; do
  answer=$(
    printf 'Authorization: Bearer %s\n' "$token" |
      curl --fail-with-body --silent --show-error --header @- \
        --form "file=@$file" "$server/api/v1/files/upload"
  ) || {
    echo "$answer" >&2 # a problem (RFC 9457), in words
    exit 1
  }
  echo "sent $file"
done
