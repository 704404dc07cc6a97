"""Pooled connections of `requests` through every door that answers before it reads: none is closed without a word."""

import os

import requests
from requests.adapters import HTTPAdapter

from browser import ISSUER

ROUNDS = int(os.environ.get("ROUNDS", "5000"))
body = "x" * 1500
DOORS = [
    ("POST", "/admin/v1/clock/resume"),
    ("POST", "/oauth2/token"),
    ("POST", "/oauth2/userinfo"),
    ("POST", "/oauth2/register"),
    ("POST", "/app/v1/devices"),
    ("POST", "/app/v1/password"),
    ("PUT", "/admin/v1/policy"),
    ("POST", "/nowhere"),
    ("DELETE", "/oauth2/jwks"),
    ("POST", "/realms/none/oauth2/token"),
    ("POST", "/livez"),
    ("POST", "/demo"),
    ("POST", "/login?interaction=none"),
    ("POST", "/admin/v1/realms/default/reset"),
]
pool = requests.Session()
# A retry would hide what is looked for.
pool.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0))
answered = 0
for number in range(ROUNDS):
    method, path = DOORS[number % len(DOORS)]
    answer = pool.request(method, ISSUER + path, data=body, headers={"content-type": "application/json"}, timeout=30)
    assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text}"
    answered += 1
assert answered == ROUNDS
print("requests: pooled connections passed")
