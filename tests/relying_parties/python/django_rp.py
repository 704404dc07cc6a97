"""Three Django libraries as portals: django_rp.py allauth | mozilla | social. Sign-in, refresh or renewal where the library has it, logout."""

import logging
import os
import sys
import tempfile
import threading
import time
from urllib.parse import urlencode

import django
from django.conf import settings
from django.http import HttpResponseRedirect, JsonResponse
from werkzeug.serving import make_server

from browser import DUC, ISSUER, LAN, Browser, registers

LIBRARY = sys.argv[1]
logging.getLogger("werkzeug").setLevel(logging.WARNING)


def free_port():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


PORT = free_port()
HOME = f"http://127.0.0.1:{PORT}"
CALLBACKS = {
    "allauth": f"{HOME}/accounts/oidc/vneid/login/callback/",
    "mozilla": f"{HOME}/oidc/callback/",
    "social": f"{HOME}/complete/oidc/",
}
CLIENT = registers(
    {
        "client_name": f"Django {LIBRARY}",
        "redirect_uris": [CALLBACKS[LIBRARY]],
        "post_logout_redirect_uris": [f"{HOME}/goodbye"],
        "grant_types": ["authorization_code", "refresh_token"],
        # What all three send unless they are told otherwise.
        "token_endpoint_auth_method": "client_secret_post",
    }
)


def leave(request):
    """mozilla-django-oidc asks where the provider's logout is."""
    fields = {
        "id_token_hint": request.session["oidc_id_token"],
        "client_id": CLIENT["client_id"],
        "post_logout_redirect_uri": f"{HOME}/goodbye",
    }
    return f"{ISSUER}/oidc/logout?{urlencode(fields)}"


OF_LIBRARY = {
    "allauth": {
        "INSTALLED_APPS": ["allauth", "allauth.account", "allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"],
        "MIDDLEWARE": ["allauth.account.middleware.AccountMiddleware"],
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "vneid",
                        "name": "VNeID",
                        "client_id": CLIENT["client_id"],
                        "secret": CLIENT["client_secret"],
                        "settings": {"server_url": ISSUER, "fetch_userinfo": True},
                    }
                ],
            }
        },
    },
    "mozilla": {
        "INSTALLED_APPS": ["mozilla_django_oidc"],
        "MIDDLEWARE": ["mozilla_django_oidc.middleware.SessionRefresh"],
        "AUTHENTICATION_BACKENDS": ["__main__.BySub"],
        "OIDC_RP_CLIENT_ID": CLIENT["client_id"],
        "OIDC_RP_CLIENT_SECRET": CLIENT["client_secret"],
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_RP_SCOPES": "openid profile",
        "OIDC_OP_JWKS_ENDPOINT": f"{ISSUER}/oauth2/jwks",
        "OIDC_OP_AUTHORIZATION_ENDPOINT": f"{ISSUER}/oauth2/authorize",
        "OIDC_OP_TOKEN_ENDPOINT": f"{ISSUER}/oauth2/token",
        "OIDC_OP_USER_ENDPOINT": f"{ISSUER}/oauth2/userinfo",
        "OIDC_USE_PKCE": True,
        "OIDC_STORE_ID_TOKEN": True,
        # The library's own way to see whether the holder is still signed in.
        "OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS": 2,
        "OIDC_OP_LOGOUT_URL_METHOD": "__main__.leave",
        "ALLOW_LOGOUT_GET_METHOD": True,
    },
    "social": {
        "INSTALLED_APPS": ["social_django"],
        "MIDDLEWARE": [],
        "AUTHENTICATION_BACKENDS": ["social_core.backends.open_id_connect.OpenIdConnectAuth"],
        "SOCIAL_AUTH_OIDC_OIDC_ENDPOINT": ISSUER,
        "SOCIAL_AUTH_OIDC_KEY": CLIENT["client_id"],
        "SOCIAL_AUTH_OIDC_SECRET": CLIENT["client_secret"],
        "SOCIAL_AUTH_OIDC_TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_post",
        "SOCIAL_AUTH_OIDC_SCOPE": ["offline_access"],
        "SOCIAL_AUTH_OIDC_USERNAME_KEY": "sub",
    },
}[LIBRARY]
DJANGO = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"]
settings.configure(
    SECRET_KEY=os.urandom(32).hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SESSION_COOKIE_NAME="portal",
    LOGIN_REDIRECT_URL="/me",
    LOGOUT_REDIRECT_URL="/goodbye",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(tempfile.mkdtemp(dir=os.environ.get("SCRATCH")), "db"),
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    INSTALLED_APPS=DJANGO + OF_LIBRARY.pop("INSTALLED_APPS"),
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    + OF_LIBRARY.pop("MIDDLEWARE"),
    **OF_LIBRARY,
)
sys.modules.setdefault("__main__", sys.modules[__name__])
django.setup()

from django.contrib.auth import get_user_model, logout as forget  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

call_command("migrate", verbosity=0)


if LIBRARY == "mozilla":
    from mozilla_django_oidc.auth import OIDCAuthenticationBackend

    class BySub(OIDCAuthenticationBackend):
        """Not everybody has an e-mail: who it is says `sub`."""

        def verify_claims(self, claims):
            return bool(claims.get("sub"))

        def filter_users_by_claims(self, claims):
            return self.UserModel.objects.filter(username=claims["sub"])

        def create_user(self, claims):
            return self.update_user(self.UserModel(username=claims["sub"]), claims)

        def update_user(self, user, claims):
            user.first_name = claims["name"]
            user.save()
            return user


def name_of(user):
    if LIBRARY == "allauth":
        data = user.socialaccount_set.get().extra_data
        return data.get("userinfo", data)["name"]
    if LIBRARY == "social":
        # The library keeps family name and given name, and no middle name.
        return next(it.name for it in [LAN, DUC] if it.name.split()[:: len(it.name.split()) - 1] == [user.last_name, user.first_name])
    return user.first_name


def me(request):
    if not request.user.is_authenticated:
        return JsonResponse({"nobody": True}, status=401)
    return JsonResponse({"name": name_of(request.user)})


def refresh(request):
    from social_django.utils import load_strategy

    mine = request.user.social_auth.get()
    old = mine.extra_data["access_token"]
    mine.refresh_token(load_strategy())
    assert mine.extra_data["access_token"] != old
    return JsonResponse({"refreshed": True})


def begin(request):
    """The library's own door wants a POST: a link of the portal's begins the same."""
    from social_core.actions import do_auth
    from social_django.utils import load_backend, load_strategy

    strategy = load_strategy(request)
    return do_auth(load_backend(strategy, "oidc", CALLBACKS["social"]))


def leaves(request):
    """What a library without a logout of its own is used with: the session here, then RP-Initiated Logout by `client_id`."""
    forget(request)
    fields = {"client_id": CLIENT["client_id"], "post_logout_redirect_uri": f"{HOME}/goodbye", "state": "s"}
    return HttpResponseRedirect(f"{ISSUER}/oidc/logout?{urlencode(fields)}")


urlpatterns = [
    path("me", me),
    path("goodbye", lambda _: JsonResponse({"goodbye": True})),
    path("leaves", leaves),
]
if LIBRARY == "allauth":
    urlpatterns.append(path("accounts/", include("allauth.urls")))
elif LIBRARY == "mozilla":
    urlpatterns.append(path("oidc/", include("mozilla_django_oidc.urls")))
else:
    urlpatterns += [path("", include("social_django.urls", namespace="social")), path("refresh", refresh), path("begin", begin)]
LOGIN = {"allauth": "/accounts/oidc/vneid/login/", "mozilla": "/oidc/authenticate/", "social": "/begin"}[LIBRARY]


def good(answer):
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code} {answer.text}"
    return answer.json()


server = make_server("127.0.0.1", PORT, get_wsgi_application(), threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
for citizen in [LAN, DUC]:
    browser = Browser()
    answers = lambda path, who=None: browser.goes(f"{HOME}{path}", who)
    assert citizen.name in str(good(answers(LOGIN, citizen))), citizen
    if LIBRARY == "social":
        assert good(answers("/refresh")) == {"refreshed": True}
    if LIBRARY == "mozilla":
        # The next page is a silent renewal at the provider.
        time.sleep(2.1)
    assert good(answers("/me"))["name"] == citizen.name
    way_out = "/oidc/logout/" if LIBRARY == "mozilla" else "/leaves"
    assert good(answers(way_out)) == {"goodbye": True}
    assert answers("/me").status_code == 401
assert get_user_model().objects.count() == 2
server.shutdown()
print(f"{LIBRARY}: signed in, renewed, signed out passed")
