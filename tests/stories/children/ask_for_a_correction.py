"""A filed application whose office asks for another answer; prints its reference and its key."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def main() -> None:
    """Run as the application's role, in the hall's environment."""
    django.setup()
    from madoguchi.cases.actions import ask_correction
    from madoguchi.foundation.dates import today
    from madoguchi.people.keys import case_key
    from tests import town

    case = town.applied()
    items, until = [("trade_name", "看板の名前を書いてください。")], today() + timedelta(days=14)
    ask_correction(case, items=items, answer_by=until, by=town.sasaki())
    print(json.dumps([case.reference, case_key(case.pk)]))


if __name__ == "__main__":
    main()
