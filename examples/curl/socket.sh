#!/bin/sh
# What a socket of HomeServer sends, one message a line, until it is interrupted:
#   socket.sh /api/v1/monitoring/ws
#   socket.sh '/api/v1/events/ws?types=homeserver.file.*&after=0'
# HOMESERVER_TOKEN is an API token with the scope monitoring:read, or events:read.
#
# For a look from a shell: it answers no pings, and says nothing when it is refused. A program uses a
# WebSocket library, as the examples beside this one do.
set -eu

server=${HOMESERVER:-http://localhost:8000}

# What follows the upgrade is frames (RFC 6455, section 5.2): the kind, the length in 7, 16 or 64 bits,
# then the message. Kind 1 is text. The token goes to curl through a pipe: what stands on a command line
# can be read by everybody on this machine.
printf 'Authorization: Bearer %s\n' "${HOMESERVER_TOKEN:-}" | curl --silent --show-error --no-buffer --http1.1 \
  --header 'Connection: Upgrade' --header 'Upgrade: websocket' \
  --header @- --header 'Sec-WebSocket-Version: 13' \
  --header "Sec-WebSocket-Key: $(head -c 16 /dev/urandom | base64)" \
  "$server$1" |
  perl -e '
    $| = 1;
    while (read(STDIN, $head, 2) == 2) {
      ($kind, $length) = unpack("CC", $head);
      if ($length == 126) { read(STDIN, $more, 2); $length = unpack("n", $more) }
      if ($length == 127) { read(STDIN, $more, 8); $length = unpack("Q>", $more) }
      read(STDIN, $message, $length);
      print "$message\n" if ($kind & 15) == 1;
    }'
