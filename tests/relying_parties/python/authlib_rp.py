"""Authlib's Flask client as a portal on a port of its own: two ways to use a secret, refresh, userinfo, logout."""

import logging
import os
import threading

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.oauth2.rfc7523 import ClientSecretJWT
from flask import Flask, jsonify, session, url_for
from werkzeug.serving import make_server

from browser import DUC, ISSUER, LAN, Browser, registers


logging.getLogger("werkzeug").setLevel(logging.WARNING)


def portal(mode):
    """A portal with its pages, answered in `mode`; it knows its client once that is registered."""
    app = Flask("portal")
    app.secret_key = os.urandom(32)
    # Two hosts of one name share a cookie jar: the port is no part of a cookie's place (RFC 6265 §8.5).
    app.config["SESSION_COOKIE_NAME"] = "portal"
    oauth = OAuth(app)
    kept = {}

    @app.get("/login")
    def login():
        back = url_for("callback", _external=True)
        return oauth.vneid.authorize_redirect(back, prompt="consent", response_mode=mode)

    @app.get("/silent")
    def silent():
        back = url_for("callback", _external=True)
        # In the query: a posted `error` is not read by Authlib 1.9.
        return oauth.vneid.authorize_redirect(back, prompt="none")

    @app.route("/callback", methods=["GET", "POST"])
    def callback():
        try:
            # Checks state, then signature, iss, aud, exp, iat, nonce and at_hash of the ID token.
            kept["token"] = oauth.vneid.authorize_access_token(leeway=0)
        except OAuthError as error:
            return jsonify(error=error.error, description=error.description), 400
        session["sub"] = kept["token"]["userinfo"]["sub"]
        return jsonify(kept["token"]["userinfo"])

    @app.get("/userinfo")
    def userinfo():
        claims = oauth.vneid.userinfo(token=kept["token"])
        assert claims["sub"] == session["sub"]
        return jsonify(claims)

    @app.get("/refresh")
    def refresh():
        old = kept["token"]
        try:
            new = oauth.vneid.fetch_access_token(
                grant_type="refresh_token", refresh_token=old["refresh_token"]
            )
        except OAuthError as error:
            return jsonify(error=error.error), 400
        assert new["refresh_token"] != old["refresh_token"]
        assert new["access_token"] != old["access_token"]
        # OIDC Core §12.2: the same person; a nonce, if any, is the first one.
        again = oauth.vneid.parse_id_token(new, nonce=None, leeway=0)
        assert again.get("nonce") in (None, old["userinfo"]["nonce"])
        assert again["sub"] == session["sub"]
        kept.update(token=new | {"userinfo": old["userinfo"]})
        return jsonify(scope=new.get("scope"))

    @app.get("/logout")
    def logout():
        return oauth.vneid.logout_redirect(url_for("goodbye", _external=True), kept["token"]["id_token"])

    @app.get("/goodbye")
    def goodbye():
        oauth.vneid.validate_logout_response()
        session.pop("sub")
        return jsonify(goodbye=True)

    return app, oauth


def signs_in(method, algorithm, mode, citizen):
    app, oauth = portal(mode)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}"
    client = registers(
        {
            "client_name": "Authlib",
            "redirect_uris": [f"{home}/callback"],
            "post_logout_redirect_uris": [f"{home}/goodbye"],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": method,
            "id_token_signed_response_alg": algorithm,
        }
    )
    oauth.register(
        name="vneid",
        client_id=client["client_id"],
        client_secret=client["client_secret"],
        server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
        client_auth_methods=[ClientSecretJWT(f"{ISSUER}/oauth2/token")],
        client_kwargs={
            "scope": "openid profile vneid.card offline_access",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": method,
        },
    )

    browser = Browser()
    answers = lambda path, who=None: browser.goes(f"{home}{path}", who)
    good(answers("/login", citizen))
    assert good(answers("/userinfo"))["name"] == citizen.name
    good(answers("/refresh"))
    assert good(answers("/userinfo"))["name"] == citizen.name
    assert good(answers("/logout")) == {"goodbye": True}
    refused = answers("/silent")
    assert (refused.status_code, refused.json()["error"]) == (400, "login_required"), refused.text
    server.shutdown()


def good(answer):
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code} {answer.text}"
    return answer.json()


for method, algorithm, mode, citizen in [
    ("client_secret_post", "RS256", "query", LAN),
    ("client_secret_jwt", "ES256", "form_post", DUC),
    ("client_secret_basic", "EdDSA", "query", LAN),
]:
    signs_in(method, algorithm, mode, citizen)
    print(f"Authlib: {method} with {algorithm} by {mode} passed")
