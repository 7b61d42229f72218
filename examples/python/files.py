"""A file's way through HomeServer: python3 files.py PATH. Needs nothing but Python 3.9.

HOMESERVER_TOKEN is an API token with the scopes files:read and files:write.
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

SERVER = os.environ.get("HOMESERVER", "http://localhost:8000")
AUTHORIZATION = {"Authorization": f"Bearer {os.environ.get('HOMESERVER_TOKEN', '')}"}


class Problem(Exception):
    """A call that failed, as RFC 9457 tells it. The code does not change."""

    def __init__(self, body):
        self.code = body["code"]
        super().__init__(f"{body['status']} {self.code}: {body['detail']} ({body['requestId']})")


def call(method, address, body=None, headers=None):
    """Calls the API and gives the bytes of its answer."""
    url = f"{SERVER}/api/v1{address}"
    request = urllib.request.Request(url, body, {**AUTHORIZATION, **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        raise Problem(json.load(error)) from error


def form_of(path, tags):
    """A form with one file, and its content type. Names are UTF-8, with a double quote as %22."""
    boundary = uuid.uuid4().hex
    name = path.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    parts = [("tags", "", tag.encode()) for tag in tags]
    parts.append(("file", f'; filename="{name}"', path.read_bytes()))
    body = b""
    for field, more, content in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"{more}\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def change_tags(file, tags):
    """Replaces the tags, but only if nobody has changed the file since it was read."""
    headers = {"Content-Type": "application/json", "If-Match": f'"v{file["version"]}"'}
    call("PATCH", f"/files/{file['id']}", json.dumps({"tags": tags}).encode(), headers)


def main(path):
    # Upload, with two tags. An answer of 201 means that the file is on the disk.
    body, content_type = form_of(path, ["holiday", "to print"])
    uploaded = json.loads(call("POST", "/files/upload", body, {"Content-Type": content_type}))
    print("uploaded", uploaded["id"])

    # The newest files that bear a tag, page by page.
    found, cursor = [], None
    while True:
        query = {"tag": "to print", "limit": 100, **({"cursor": cursor} if cursor else {})}
        page = json.loads(call("GET", f"/files/list?{urllib.parse.urlencode(query)}"))
        found += page["items"]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    if any(file["id"] == uploaded["id"] for file in found):
        print("listed")

    # Download, and compare with what was sent.
    if call("GET", f"/files/{uploaded['id']}/download") == path.read_bytes():
        print("the same bytes")

    change_tags(uploaded, ["printed"])
    print("tagged")

    # The same again is refused, because the version has risen.
    try:
        change_tags(uploaded, ["holiday"])
    except Problem as problem:
        print("a stale change is answered with", problem.code)

    call("DELETE", f"/files/{uploaded['id']}")
    print("in the trash")


main(Path(sys.argv[1]))
