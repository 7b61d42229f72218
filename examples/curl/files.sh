#!/bin/sh
# A file's way through HomeServer: files.sh PATH
set -eu

server=${HOMESERVER:-http://localhost:8000}
file=$1

# The value of a text or a number in a flat JSON object.
value() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

# Upload, with two tags. An answer of 201 means that the file is on the disk.
uploaded=$(curl --fail-with-body --silent --show-error \
  --form tags=holiday --form 'tags=to print' --form "file=@$file" \
  "$server/api/v1/files/upload")
id=$(echo "$uploaded" | value id)
version=$(echo "$uploaded" | value version)
echo "uploaded $id"

# The newest files that bear a tag.
curl --fail-with-body --silent --show-error --get \
  --data-urlencode 'tag=to print' --data limit=10 \
  "$server/api/v1/files/list" | grep --quiet "\"$id\"" && echo 'listed'

# Download, and compare with what was sent.
curl --fail --silent --show-error "$server/api/v1/files/$id/download" | cmp - "$file" && echo 'the same bytes'

# Other tags, but only if nobody has changed the file since.
curl --fail-with-body --silent --show-error --output /dev/null --request PATCH \
  --header 'Content-Type: application/json' --header "If-Match: \"v$version\"" \
  --data '{"tags":["printed"]}' "$server/api/v1/files/$id"
echo 'tagged'

# The same again is refused, because the version has risen.
status=$(curl --silent --output /dev/null --write-out '%{http_code}' --request PATCH \
  --header 'Content-Type: application/json' --header "If-Match: \"v$version\"" \
  --data '{"tags":["holiday"]}' "$server/api/v1/files/$id")
echo "a stale change is answered with $status"

curl --fail-with-body --silent --show-error --request DELETE "$server/api/v1/files/$id"
echo 'deleted'
