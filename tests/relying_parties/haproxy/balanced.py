"""HAProxy in front: its probes, which speak HTTP/1.0 without a Host, keep the server up, and a sign-in goes through it."""

import pathlib
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "python"))
from browser import ISSUER  # noqa: E402
import requests  # noqa: E402

server = urlsplit(ISSUER).port
with socket.create_server(("127.0.0.1", 0)) as listener:
    front = listener.getsockname()[1]
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "haproxy.cfg").write_text(
    f"""
global
  stats socket {folder}/stats
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend front
  bind 127.0.0.1:{front}
  default_backend simulators
backend simulators
  option httpchk GET /readyz
  default-server inter 100ms fall 1 rise 2
  server one 127.0.0.1:{server} check
"""
)


def state():
    with socket.socket(socket.AF_UNIX) as stats:
        stats.connect(str(folder / "stats"))
        stats.sendall(b"show stat\n")
        said = b"".join(iter(lambda: stats.recv(65536), b"")).decode()
    names, *rows = (line.split(",") for line in said.strip().splitlines())
    rows = [dict(zip(names, row)) for row in rows]
    return next(row for row in rows if row["svname"] == "one")


haproxy = subprocess.Popen(["haproxy", "-db", "-f", str(folder / "haproxy.cfg")])
try:
    deadline = time.monotonic() + 20
    while not (folder / "stats").exists() or state()["check_status"].endswith("INI"):
        assert time.monotonic() < deadline and haproxy.poll() is None
        time.sleep(0.05)
    # "* L7OK" is a probe under way after a good one.
    # Twenty probes later it is still up, and never was down.
    time.sleep(2)
    seen = state()
    assert seen["status"] == "UP" and seen["check_status"].endswith("L7OK") and seen["chkdown"] == "0", seen
    for _ in range(50):
        answer = requests.get(f"http://127.0.0.1:{front}/.well-known/openid-configuration", timeout=10)
        assert answer.status_code == 200 and answer.json()["issuer"] == ISSUER
    print("HAProxy: httpchk GET /readyz passed")
finally:
    haproxy.kill()
    haproxy.wait()
