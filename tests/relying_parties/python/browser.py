"""A citizen at a browser: keeps cookies, follows redirects, fills in the pages of the simulator, reads the SMS."""

import os
import re
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests

ISSUER = os.environ["ISSUER"]


class Citizen(NamedTuple):
    number: str
    phone: str
    password: str
    name: str


LAN = Citizen("097190000011", "0912345601", "Vn@000011a", "Nguyễn Thị Lan")
DUC = Citizen("097085000022", "0912345602", "Vn@000022a", "Trần Văn Đức")


def registers(client):
    """Registers a relying party, in the field names of RFC 7591."""
    answer = requests.post(f"{ISSUER}/admin/v1/clients", json=client, timeout=30)
    assert answer.ok, f"{client}: {answer.status_code} {answer.text}"
    return answer.json()


def arms(rule):
    """Puts a rule of the menu in force."""
    answer = requests.post(f"{ISSUER}/admin/v1/faults", json=rule, timeout=30)
    assert answer.ok, f"{rule}: {answer.status_code} {answer.text}"


def disarms(name):
    """Takes a rule back; how often it went off."""
    url = f"{ISSUER}/admin/v1/faults/{name}"
    fired = requests.get(url, timeout=30).json()["fired"]
    requests.delete(url, timeout=30).raise_for_status()
    return fired


def otp(citizen, reference):
    wanted = {"to": citizen.phone, "purpose": "otp", "reference": reference, "wait": "10s"}
    answer = requests.get(f"{ISSUER}/admin/v1/messages/latest", params=wanted, timeout=30)
    answer.raise_for_status()
    return answer.json()["code"]


def attributes(tag):
    return {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}


class Browser:
    """One browser with a profile of its own."""

    def __init__(self):
        self.session = requests.Session()

    def goes(self, url, citizen=None):
        """Goes to `url` and on until a page is no page of the simulator's sign-in: that answer."""
        ask = ("GET", url, None)
        for _ in range(20):
            method, url, fields = ask
            answer = self.session.request(method, url, data=fields, allow_redirects=False, timeout=30)
            if answer.is_redirect:
                ask = ("GET", urljoin(url, answer.headers["location"]), None)
                continue
            form = re.search(r"<form([^>]*)>(.*?)</form>", answer.text, re.DOTALL)
            if answer.status_code != 200 or not url.startswith(ISSUER) or not form:
                return answer
            action = urljoin(url, attributes(form[1])["action"])
            fields = [attributes(tag) for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form[2])]
            fields = {field["name"]: field["value"] for field in fields}
            # Whoever is asked whether to sign out says yes.
            if action.startswith(ISSUER) and not action.endswith("/oidc/logout"):
                assert citizen, f"nobody is there to answer {url}:\n{answer.text}"
                fields |= self.types(urlsplit(action).path, answer.text, citizen)
            ask = ("POST", action, fields)
        raise AssertionError(f"never came to an end; the last was {url}")

    @staticmethod
    def types(path, page, citizen):
        if path.endswith("/login"):
            return {"username": citizen.number, "password": citizen.password}
        if path.endswith("/login/otp"):
            return {"otp": otp(citizen, re.search(r"<code>([^<]+)</code>", page)[1])}
        if path.endswith("/login/consent"):
            return {"decision": "allow"}
        raise AssertionError(f"an unexpected page, {path}:\n{page}")
