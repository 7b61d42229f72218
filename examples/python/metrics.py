"""The state of the machine, every two seconds: python3 metrics.py [COUNT]

HOMESERVER_TOKEN is an API token with the scope monitoring:read. Needs the package websockets (Debian:
python3-websockets).
"""

import asyncio
import json
import os
import sys

import websockets

SERVER = os.environ.get("HOMESERVER", "http://localhost:8000")
AUTHORIZATION = {"Authorization": f"Bearer {os.environ.get('HOMESERVER_TOKEN', '')}"}
# The package calls them so since version 14; Debian 12 has version 10.
IS_RECENT = int(websockets.__version__.split(".")[0]) >= 14
HEADERS = {"additional_headers" if IS_RECENT else "extra_headers": AUTHORIZATION}


def shown(value):
    """What the machine cannot tell is null, never 0."""
    return "?" if value is None else value


async def watch(count):
    # "http" becomes "ws", "https" becomes "wss".
    address = f"{SERVER.replace('http', 'ws', 1)}/api/v1/monitoring/ws"
    async with websockets.connect(address, **HEADERS) as socket:
        async for message in socket:
            frame = json.loads(message)
            cpu = shown(frame["system"]["cpu"]["usagePercent"])
            memory = shown(frame["system"]["memory"]["usagePercent"])
            # The storage is null until the database has answered once.
            files = shown((frame["storage"] or {}).get("fileCount"))
            print(f"{frame['timestamp']} cpu {cpu} % memory {memory} % {files} files", flush=True)
            count -= 1
            if count == 0:
                return


asyncio.run(watch(float(sys.argv[1]) if len(sys.argv) > 1 else float("inf")))
