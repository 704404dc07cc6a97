"""flask-oidc as a portal: sign-in, refresh of a token that is over, logout."""

import logging
import os
import threading
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, session
from flask_oidc import OpenIDConnect
from werkzeug.serving import make_server

from browser import DUC, ISSUER, LAN, Browser, registers

logging.getLogger("werkzeug").setLevel(logging.WARNING)
app = Flask("portal")
server = make_server("127.0.0.1", 0, app, threaded=True)
HOME = f"http://127.0.0.1:{server.server_port}"
CLIENT = registers(
    {
        "client_name": "flask-oidc",
        "redirect_uris": [f"{HOME}/authorize"],
        "post_logout_redirect_uris": [f"{HOME}/goodbye"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_post",
    }
)
app.config.update(
    SECRET_KEY=os.urandom(32),
    SESSION_COOKIE_NAME="portal",
    OIDC_CLIENT_SECRETS={
        "web": {
            "client_id": CLIENT["client_id"],
            "client_secret": CLIENT["client_secret"],
            "issuer": ISSUER,
            "token_endpoint_auth_method": "client_secret_post",
        }
    },
    OIDC_SCOPES="openid profile offline_access",
)
oidc = OpenIDConnect(app)


@app.get("/")
def home():
    return jsonify(name=session.get("oidc_auth_profile", {}).get("name"))


@app.get("/me")
@oidc.require_login
def me():
    return jsonify(name=session["oidc_auth_profile"]["name"], token=session["oidc_auth_token"]["access_token"])


@app.get("/over")
def over():
    token = dict(session["oidc_auth_token"])
    token["expires_at"] = 1
    session["oidc_auth_token"] = token
    return jsonify(token=token["access_token"])


@app.get("/leaves")
def leaves():
    hint = session["oidc_auth_token"]["id_token"]
    session.clear()
    fields = {"id_token_hint": hint, "post_logout_redirect_uri": f"{HOME}/goodbye"}
    return redirect(f"{ISSUER}/oidc/logout?{urlencode(fields)}")


@app.get("/goodbye")
def goodbye():
    return jsonify(goodbye=True)


def good(answer):
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code} {answer.text}"
    return answer.json()


threading.Thread(target=server.serve_forever, daemon=True).start()
for citizen in [LAN, DUC]:
    browser = Browser()
    answers = lambda path, who=None: browser.goes(f"{HOME}{path}", who)
    assert good(answers("/me", citizen))["name"] == citizen.name
    old = good(answers("/over"))["token"]
    again = good(answers("/me"))
    assert again["name"] == citizen.name and again["token"] != old, "a token that is over is refreshed"
    assert good(answers("/leaves")) == {"goodbye": True}
    assert good(answers("/"))["name"] is None
server.shutdown()
print("flask-oidc: signed in, refreshed, signed out passed")
