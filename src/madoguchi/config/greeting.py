"""What `madoguchi run` says when the doors are open: where to go, and who can sign in as what."""

import os
import sys


def main(url: str) -> None:
    """Print it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()
    from django.conf import settings

    from madoguchi.config import demo
    from madoguchi.people.town import town

    print(f"\n  {town().name} is open: {url}/   (English: {url}/en/)\n  API: {url}/api/v1/procedures")
    if town().demo and demo.accounts_file().exists():
        print(f"\n  Officers sign in at {url}/desk/ with the password {demo.accounts_file().read_text().strip()}")
        for email, role, office in demo.who_can_sign_in():
            print(f"    {role:<9} {email:<40} {office}")
        print("    Everybody else: the same pattern with .<office>, see town.yaml (e.g. for other offices' officers).")
        print("  The second factor of an officer, now:  .venv/bin/madoguchi code <e-mail>")
    if not settings.EMAIL_HOST:
        print(f"\n  Letters are written to {settings.EMAIL_FILE_PATH}")
    print("\n  Ctrl-C closes the hall.\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
