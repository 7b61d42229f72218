#!/bin/sh
# A file's way through HomeServer: files.sh PATH
# HOMESERVER_TOKEN is an API token with the scopes files:read and files:write.
set -eu

server=${HOMESERVER:-http://localhost:8000}
file=$1

# Calls the API. The token goes to curl through a pipe: what stands on a command line can be read by
# everybody on this machine.
call() {
  printf 'Authorization: Bearer %s\n' "${HOMESERVER_TOKEN:-}" |
    curl --silent --show-error --header @- "$@"
}

# The value of a text or a number in a flat JSON object.
value() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

# Upload, with two tags. An answer of 201 means that the file is on the disk.
uploaded=$(call --fail-with-body \
  --form tags=holiday --form 'tags=to print' --form "file=@$file" \
  "$server/api/v1/files/upload") || {
  echo "$uploaded" >&2 # a problem (RFC 9457), in words
  exit 1
}
id=$(echo "$uploaded" | value id)
version=$(echo "$uploaded" | value version)
echo "uploaded $id"

# The newest files that bear a tag.
call --fail-with-body --get \
  --data-urlencode 'tag=to print' --data limit=10 \
  "$server/api/v1/files/list" | grep --quiet "\"$id\"" && echo 'listed'

# Download, and compare with what was sent.
call --fail "$server/api/v1/files/$id/download" | cmp - "$file" && echo 'the same bytes'

# Other tags, but only if nobody has changed the file since.
call --fail-with-body --output /dev/null --request PATCH \
  --header 'Content-Type: application/json' --header "If-Match: \"v$version\"" \
  --data '{"tags":["printed"]}' "$server/api/v1/files/$id"
echo 'tagged'

# The same again is refused, because the version has risen.
status=$(call --output /dev/null --write-out '%{http_code}' --request PATCH \
  --header 'Content-Type: application/json' --header "If-Match: \"v$version\"" \
  --data '{"tags":["holiday"]}' "$server/api/v1/files/$id")
echo "a stale change is answered with $status"

call --fail-with-body --request DELETE "$server/api/v1/files/$id"
echo 'in the trash'
