"""What happens to files, from a position on: python3 events.py AFTER [COUNT]

AFTER  the id of the last event that you have; 0 from the oldest kept
COUNT  ends after so many events; without it, goes on for ever

HOMESERVER_TOKEN is an API token with the scope events:read. Needs the package websockets (Debian:
python3-websockets).
"""

import asyncio
import json
import os
import sys
import urllib.parse

import websockets

SERVER = os.environ.get("HOMESERVER", "http://localhost:8000")
AUTHORIZATION = {"Authorization": f"Bearer {os.environ.get('HOMESERVER_TOKEN', '')}"}
# The package calls them so since version 14; Debian 12 has version 10.
IS_RECENT = int(websockets.__version__.split(".")[0]) >= 14
HEADERS = {"additional_headers" if IS_RECENT else "extra_headers": AUTHORIZATION}


async def follow(after, count):
    while True:
        query = urllib.parse.urlencode({"types": "homeserver.file.*", "after": after})
        # "http" becomes "ws", "https" becomes "wss".
        address = f"{SERVER.replace('http', 'ws', 1)}/api/v1/events/ws?{query}"
        try:
            async with websockets.connect(address, **HEADERS) as socket:
                async for message in socket:
                    event = json.loads(message)
                    file = event["data"]["file"]
                    print(event["id"], event["type"], file["filename"], flush=True)
                    # Keep it: a program that is started again goes on from here.
                    after = event["id"]
                    count -= 1
                    if count == 0:
                        return
        except (OSError, websockets.ConnectionClosed) as error:
            # A refusal is another error and ends this: 410, say, when AFTER is no longer kept, or 401
            # when the token has ended.
            print(f"The connection ended ({error}).", file=sys.stderr)
        await asyncio.sleep(2)


asyncio.run(follow(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else float("inf")))
