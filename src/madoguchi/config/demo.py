"""The demo town's officers, and what every start prepares: keys and published definitions."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.gate.issuing import make_keys as make_ticket_keys
from madoguchi.catalogue.actions import publish
from madoguchi.counter import finding
from madoguchi.credentials.actions import make_keys
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.publishing.store import take_in_files
from madoguchi.people.models import Officer, Post, Role
from madoguchi.platform.definitions import DefinitionRefused
from madoguchi.reform import demo as reform
from madoguchi.town.offices import town

from .environment import Refused

PLACES = ("clerk", "officer", "chief", "manager", "director")
# Fictional people; the surname's reading makes the address.
SURNAMES = [
    ("佐藤", "sato"),
    ("鈴木", "suzuki"),
    ("高橋", "takahashi"),
    ("田中", "tanaka"),
    ("伊藤", "ito"),
    ("渡辺", "watanabe"),
    ("山本", "yamamoto"),
    ("中村", "nakamura"),
    ("小林", "kobayashi"),
    ("加藤", "kato"),
    ("吉田", "yoshida"),
    ("山田", "yamada"),
]
GIVEN_NAMES = ("葵", "誠", "結衣", "健", "美咲", "大輔", "陽子", "翔", "直子", "隆", "恵", "悠", "千尋")
CODE_SECONDS = 30  # RFC 6238, allauth's default
MAIN_OFFICE = "chuo-health-center"


class NoCode(Refused):
    """No code can be shown; the text says why."""


def accounts_file() -> Path:
    """Where the demo password is kept, readable only by its owner."""
    return Path(settings.HOME) / "demo-accounts.txt"


def prepare() -> None:
    """Keys, definitions, and the demo town where the town is a demonstration; safe to repeat. Raises Refused."""
    make_keys()
    make_ticket_keys()
    take_in_files()
    try:
        publish(settings.PROCEDURES_DIR)
        finding.renew()
        make_slots()
    except DefinitionRefused as refused:
        raise Refused(f"{refused}\nSee `madoguchi check {settings.PROCEDURES_DIR}`.") from refused
    if town().demo and not settings.PRODUCTION:
        seed()
        reform.fill()
    if not Dataset.objects.exists():
        with suppress(AlreadyEnqueued):
            app.configure_task("madoguchi.datasets", queueing_lock="datasets").defer(
                timestamp=0
            )  # the worker makes them when it is up; later every night


def people() -> Iterator[tuple[str, str, str, str]]:
    """(email, name, office, role) of everybody in the demo town."""
    for number, office in enumerate(town().offices):
        for place, role in enumerate(PLACES):
            surname, reading = SURNAMES[(number * 5 + place) % len(SURNAMES)]
            mailbox = f"{reading}.{role}" if office == MAIN_OFFICE else f"{reading}.{role}.{office}"
            given = GIVEN_NAMES[(number + place * 3) % len(GIVEN_NAMES)]
            yield f"{mailbox}@minatono.example", f"{surname} {given}", office, role
    yield "kaikaku@minatono.example", "改革 進", "reform", "reform"
    yield "kanri@minatono.example", "管理 守", "reform", "admin"


@transaction.atomic
def seed() -> None:
    """Make the demo officers once, with one random password and a second factor each."""
    if Officer.objects.exists():
        return
    password = _password()
    shared = Officer()
    shared.set_password(password)  # hashed once: thirteen offices would take seconds
    for email, name, office, role in people():
        officer = Officer.objects.create(email=email, name=name, password=shared.password)
        Post.objects.create(officer=officer, office=office, role=role)
        TOTP.activate(officer, generate_totp_secret())
    _give_the_manager_a_deputy()


def _give_the_manager_a_deputy() -> None:
    chief = Post.objects.get(office=MAIN_OFFICE, role=Role.CHIEF)
    Post.objects.filter(office=MAIN_OFFICE, role=Role.MANAGER).update(deputy=chief.officer)


def _password() -> str:
    file = accounts_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(12))
    return file.read_text().strip()


def who_can_sign_in() -> list[tuple[str, str, str]]:
    """(email, role, office) of the main demo officers, in the order of a case's way."""
    return [
        (email, role, town().offices[office].name) for email, _name, office, role in people() if office == MAIN_OFFICE
    ]


def current_code(email: str) -> str:
    """The code that an authenticator app would show now. Raises NoCode in production and for unknown officers."""
    if settings.PRODUCTION:
        raise NoCode("codes are shown only by the officer's own device in production.")
    found = Authenticator.objects.filter(user__email=email.lower(), type=Authenticator.Type.TOTP).first()
    if found is None:
        raise NoCode(f"{email} has no code; `madoguchi run` prints who can sign in.")
    counter = int(time.time()) // CODE_SECONDS
    return str(format_hotp_value(hotp_value(decrypt(found.data["secret"]), counter)))


def add_officer(email: str, name: str, office: str, role: str) -> str:
    """Make an officer or add a post; returns the first password of a new one, else an empty text. Raises Refused.

    The same once more for somebody who has no own password yet gives another first one.
    """
    if office not in town().offices or role not in Role.values:
        raise Refused(f"unknown office or role: offices {', '.join(town().offices)}; roles {', '.join(Role.values)}.")
    password = secrets.token_urlsafe(12)
    officer = Officer.objects.filter(email=email.lower()).first()
    is_new = officer is None
    officer = officer or Officer.objects.create_officer(email=email, name=name, password=password)
    _post, is_new_post = Post.objects.get_or_create(officer=officer, office=office, role=role)
    if not (is_new or (officer.first_password_until and not is_new_post)):
        return ""
    officer.give_first_password(password)
    return password
