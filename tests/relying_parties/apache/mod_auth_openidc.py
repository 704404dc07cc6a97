"""Apache with mod_auth_openidc in front of an application: sign-in, refresh, logout, back-channel logout."""

import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "python"))
from browser import DUC, ISSUER, LAN, Browser, arms, disarms, registers  # noqa: E402

MODULES = next(
    (
        str(folder)
        for pattern in ("apache2/modules", "*/apache2/modules")
        for folder in pathlib.Path("/usr/lib").glob(pattern)
        if (folder / "mod_auth_openidc.so").exists()
    ),
    None,
)
if MODULES is None:
    sys.exit("mod_auth_openidc is not installed: scripts/tools installs it")


class Application(BaseHTTPRequestHandler):
    """Answers with the headers it was asked with."""

    def do_GET(self):
        # A header's bytes are UTF-8; the parser reads them as Latin-1.
        seen = {name.lower(): value.encode("latin-1").decode() for name, value in self.headers.items()}
        body = json.dumps(seen | {"path": self.path}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Apache:
    """The server in the foreground, from a folder of its own."""

    def __init__(self, home, port, backend, client):
        self.home = home
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="apache-", dir=os.environ.get("SCRATCH")))
        self.port = port
        filled = (HERE / "httpd.conf").read_text().format(
            folder=self.folder, port=port, home=home, backend=backend, modules=MODULES,
            issuer=ISSUER, client_id=client["client_id"], client_secret=client["client_secret"],
            passphrase=secrets.token_hex(16), level=os.environ.get("OIDC_LOG_LEVEL", "info"),
            # Started by root, it hands its work to somebody else; otherwise it may not.
            user="User www-data\nGroup www-data" if os.geteuid() == 0 else "",
        )
        (self.folder / "httpd.conf").write_text(filled)

    def __enter__(self):
        program = shutil.which("apache2", path="/usr/sbin:/usr/bin")
        assert program, "apache2 is not installed: scripts/tools installs it"
        command = [program, "-d", str(self.folder), "-f", str(self.folder / "httpd.conf"), "-D", "FOREGROUND"]
        self.process = subprocess.Popen(command)
        for _ in range(200):
            assert self.process.poll() is None, f"Apache did not start\n{self.log()}"
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except ConnectionRefusedError:
                time.sleep(0.05)
        raise AssertionError(f"Apache does not answer\n{self.log()}")

    def __exit__(self, kind, *_):
        self.process.terminate()
        self.process.wait()
        if kind:
            print(self.log(), file=sys.stderr)
        shutil.rmtree(self.folder)

    def log(self):
        log = self.folder / "error.log"
        return log.read_text() if log.exists() else "no log"


def good(answer):
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code} {answer.text}"
    return answer.json()


def signs_in(apache, browser, citizen):
    seen = good(browser.goes(f"{apache.home}/protected/page", citizen))
    assert seen["path"] == "/protected/page"
    assert seen["x-remote-user"] == seen["oidc_claim_sub"]
    assert seen["oidc_claim_name"] == citizen.name
    assert seen["oidc_claim_iss"] == ISSUER
    # Once signed in, no page stands between her and the application.
    assert good(browser.goes(f"{apache.home}/protected/other"))["path"] == "/protected/other"
    return seen


def must_sign_in_again(apache, browser):
    """Whether the next visit leads to the provider."""
    answer = browser.session.get(f"{apache.home}/protected/page", allow_redirects=False, timeout=30)
    return answer.is_redirect and answer.headers["location"].startswith(f"{ISSUER}/oauth2/authorize?")


def refreshes(apache, browser):
    hook = f"{apache.home}/protected/redirect_uri"
    before = good(browser.goes(f"{hook}?info=json"))
    query = {"refresh": f"{apache.home}/goodbye", "access_token": before["access_token"]}
    answer = browser.session.get(hook, params=query, timeout=30)
    assert "error_code" not in answer.url, answer.url
    after = good(browser.goes(f"{hook}?info=json"))
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] != before["refresh_token"]


def logs_out(apache, browser):
    out = f"{apache.home}/protected/redirect_uri?logout={apache.home}/goodbye"
    assert good(browser.goes(out))["path"] == "/goodbye"
    assert must_sign_in_again(apache, browser)
    # The provider asks for the password again: its own session has ended too.
    silent = browser.session.get(f"{apache.home}/protected/page", timeout=30)
    assert silent.url.startswith(f"{ISSUER}/login?"), silent.url


def is_logged_out_by_the_provider(apache, browser, id_token):
    assert not must_sign_in_again(apache, browser)
    ended = browser.session.get(f"{ISSUER}/oidc/logout", params={"id_token_hint": id_token}, timeout=30)
    assert ended.ok, ended.text
    for _ in range(100):
        if must_sign_in_again(apache, browser):
            return
        time.sleep(0.1)
    raise AssertionError("the back-channel logout never ended Apache's session")


# What its log says of each bad logout token of the menu.
LOGOUT_ROWS = {
    "logout_token.other_aud": 'did not match the "aud" claim value (another-client)',
    "logout_token.no_events": '"events" claim could not be found',
    "logout_token.with_nonce": 'contains a "nonce" claim',
    "logout_token.bad_signature": "JWT signature verification failed",
}


def complaints(apache):
    return [line for line in apache.log().splitlines() if "[auth_openidc:error]" in line]


def is_not_fooled(apache, client, effect, check):
    """A bad logout token ends nothing, and the log names the check that refused it."""
    before = len(complaints(apache))
    browser = Browser()
    seen = signs_in(apache, browser, DUC)
    arms({"effect": effect, "id": "row", "client_id": client["client_id"], "times": 1})
    ended = browser.session.get(f"{ISSUER}/oidc/logout", params={"id_token_hint": seen["oidc_id_token"]}, timeout=30)
    assert ended.ok, ended.text
    for _ in range(100):
        refused = " ".join(complaints(apache)[before:])
        if refused:
            break
        time.sleep(0.1)
    assert disarms("row") == 1, effect
    assert check in refused, f"{effect}: {refused}"
    assert not must_sign_in_again(apache, browser), effect


def main():
    application = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    port = free_port()
    home = f"http://localhost:{port}"
    client = registers(
        {
            "client_name": "mod_auth_openidc",
            "redirect_uris": [f"{home}/protected/redirect_uri"],
            "post_logout_redirect_uris": [f"{home}/goodbye"],
            "grant_types": ["authorization_code", "refresh_token"],
            "backchannel_logout_uri": f"{home}/protected/redirect_uri?logout=backchannel",
        }
    )
    with Apache(home, port, application.server_port, client) as apache:
        browser = Browser()
        signs_in(apache, browser, LAN)
        print("mod_auth_openidc: sign-in passed")
        refreshes(apache, browser)
        print("mod_auth_openidc: refresh passed")
        logs_out(apache, browser)
        print("mod_auth_openidc: logout passed")
        browser = Browser()
        seen = signs_in(apache, browser, DUC)
        is_logged_out_by_the_provider(apache, browser, seen["oidc_id_token"])
        print("mod_auth_openidc: back-channel logout passed")
        assert not complaints(apache), complaints(apache)
        for effect, check in LOGOUT_ROWS.items():
            is_not_fooled(apache, client, effect, check)
        print("mod_auth_openidc: the menu of logout tokens passed")


main()
