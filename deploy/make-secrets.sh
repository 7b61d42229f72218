#!/bin/sh
# Makes the password of the containers' database, once: deploy/secrets/database-password for PostgreSQL,
# deploy/secrets/database-url for the API. What is there already stays as it is.
set -eu

folder=$(dirname "$0")/secrets
if [ -e "$folder" ]; then
  echo "$folder is there already; nothing was changed." >&2
  exit 1
fi

# The folder keeps other users of this machine out. Inside the containers each program has a user of
# its own, so the files themselves can be read by all.
umask 077
mkdir "$folder.new"
password=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$folder.new/database-password"
printf 'postgres://homeserver:%s@database:5432/homeserver\n' "$password" >"$folder.new/database-url"
chmod 444 "$folder.new/database-password" "$folder.new/database-url"
mv "$folder.new" "$folder"
echo "The database's password is in $folder. Keep that folder."
