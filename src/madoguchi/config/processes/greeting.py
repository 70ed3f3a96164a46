"""What `madoguchi run` does before it serves, and what it says when the doors are open: who can sign in as what."""

import os
import sys
from collections.abc import Iterator


def main(url: str) -> int:
    """Prepare everything; print the greeting, which the caller keeps until the first page is served."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()
    from django.core.management import call_command

    from .. import boot, demo
    from ..environment import Refused

    try:
        boot.refuse_unsafe_start()
        call_command("collectstatic", interactive=False, verbosity=0)
        demo.prepare()
    except Refused as refused:
        print(f"madoguchi: {refused}", file=sys.stderr)
        return 1
    print("\n".join(greeting(url)))
    return 0


def greeting(url: str) -> Iterator[str]:
    """Line by line: where to go, and who can sign in."""
    from django.conf import settings

    from madoguchi.town.offices import town

    from .. import demo

    yield f"\n  {town().name} is open: {url}/   (English: {url}/en/)\n  API: {url}/api/v1/procedures\n"
    if town().demo and not settings.PRODUCTION and demo.accounts_file().exists():
        yield from officers(url)
    if not settings.EMAIL_HOST:
        yield f"  Letters are written to {settings.EMAIL_FILE_PATH}"
    yield "\n  Ctrl-C closes the hall.\n"


def officers(url: str) -> Iterator[str]:
    """The demo officers of the main office, the password, and the way to the second factor."""
    from .. import demo

    yield f"  Officers sign in at {url}/desk/ with the password {demo.accounts_file().read_text().strip()}"
    for email, role, office in demo.who_can_sign_in():
        yield f"    {role:<9} {email:<40} {office}"
    yield "    Everybody else: the same pattern with .<office>, see town.yaml (e.g. for other offices' officers)."
    yield "  The second factor of an officer, now:  .venv/bin/madoguchi code <e-mail>\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
