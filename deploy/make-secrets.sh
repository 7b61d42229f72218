#!/bin/sh
# Makes the secrets of the containers, each once: deploy/secrets/database-password for PostgreSQL,
# deploy/secrets/database-url for the API, and deploy/secrets/admin-password, which the first administrator
# gets when ADMIN_USERNAME is set. What is there already stays as it is.
set -eu

folder=$(dirname "$0")/secrets
made=

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# make NAME TEXT: a whole file, or none.
make() {
  [ ! -e "$folder/$1" ] || return 0
  rm -f "$folder/$1.new"
  printf '%s\n' "$2" >"$folder/$1.new"
  chmod 444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
  made="$made $1"
}

# The folder keeps other users of this machine out. Inside the containers each program has a user of
# its own, so the files themselves can be read by all.
umask 077
[ -d "$folder" ] || mkdir "$folder"
make database-password "$(random 32)"
make database-url "postgres://homeserver:$(cat "$folder/database-password")@database:5432/homeserver"
make admin-password "$(random 12)"

if [ -z "$made" ]; then
  echo "$folder is there already; nothing was changed." >&2
  exit 1
fi
echo "Made in $folder:$made. Keep that folder."
