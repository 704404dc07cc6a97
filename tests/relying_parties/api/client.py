"""The API document by others' eyes: valid, and a Python client generated from it makes an account, reads an OTP, moves the clock."""

import importlib
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

from openapi_spec_validator import OpenAPIV31SpecValidator

ISSUER = os.environ["ISSUER"]
SCRATCH = pathlib.Path(os.environ["SCRATCH"])


def main() -> None:
    with urllib.request.urlopen(f"{ISSUER}/admin/openapi.json") as answer:
        text = answer.read()
    OpenAPIV31SpecValidator(json.loads(text)).validate()
    print("openapi-spec-validator: the document passed")

    document = SCRATCH / "openapi.json"
    document.write_bytes(text)
    package = SCRATCH / "vneid_api"
    generator = pathlib.Path(sys.executable).with_name("openapi-python-client")
    settings = SCRATCH / "settings.yml"
    settings.write_text("post_hooks: []\n")
    said = subprocess.run(
        [generator, "generate", "--path", document, "--output-path", package, "--meta", "none", "--config", settings, "--fail-on-warning"],
        capture_output=True, text=True, check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    sys.path.insert(0, str(SCRATCH))
    part = lambda name: importlib.import_module(f"vneid_api.{name}")
    client = part("client").Client(base_url=ISSUER)
    models = part("models")

    wish = models.AccountBody(level=1, state=models.StateName.APPROVED)
    person = part("api.accounts.accounts_create").sync(client=client, body=wish)
    assert person.state == "approved" and person.level == 1, person
    begun = part("api.app.app_activations_begin").sync(
        client=client, body=models.Activation(number=person.number, phone=person.phone, device="phone-1")
    )
    message = part("api.messages.messages_latest").sync(
        client=client, citizen=person.number, purpose=models.MessagePurpose.OTP, wait="5s"
    )
    assert message.reference == begun.reference, (message, begun)
    step = part("api.app.app_activations_otp").sync(begun.id, client=client, body=models.Otp(otp=message.code))
    assert step.next_ == "passcode", step
    before = part("api.clock.clock_get").sync(client=client).now
    after = part("api.clock.clock_advance").sync(client=client, body=models.Stretch(duration="PT1H")).now
    assert after > before, (before, after)
    print("openapi-python-client: account, OTP and clock passed")


main()
