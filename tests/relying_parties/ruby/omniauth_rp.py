"""OmniAuth's OpenID Connect strategy, a portal in Ruby: sign-in with PKCE, refresh, logout."""

import os
import pathlib
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "python"))
from browser import DUC, ISSUER, LAN, Browser, registers  # noqa: E402

with socket.create_server(("127.0.0.1", 0)) as listener:
    PORT = listener.getsockname()[1]
HOME = f"http://127.0.0.1:{PORT}"
CLIENT = registers(
    {
        "client_name": "OmniAuth",
        "redirect_uris": [f"{HOME}/auth/vneid/callback"],
        "post_logout_redirect_uris": [f"{HOME}/goodbye"],
        "grant_types": ["authorization_code", "refresh_token"],
    }
)
portal = subprocess.Popen(
    ["ruby", "-W0", str(HERE / "portal.rb")],
    env=os.environ
    | {"PORT": str(PORT), "CLIENT_ID": CLIENT["client_id"], "CLIENT_SECRET": CLIENT["client_secret"]},
)


def good(answer):
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code} {answer.text}"
    return answer.json()


try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            break
        except OSError:
            assert portal.poll() is None, "the portal has ended"
            time.sleep(0.1)
    for citizen in [LAN, DUC]:
        browser = Browser()
        answers = lambda path, who=None: browser.goes(f"{HOME}{path}", who)
        assert good(answers("/auth/vneid", citizen))["name"] == citizen.name
        assert good(answers("/refresh")) == {"refreshed": True}
        assert good(answers("/leaves")) == {"goodbye": True}
    print("OmniAuth: signed in, refreshed, signed out passed")
finally:
    portal.kill()
    portal.wait()
