"""What the floor sends, made by the product once: `python -m bench.ready <code> <answers>` prints it as JSON."""

import json
import sys
from typing import Any

import django

KEY = "the-one-that-the-floor-repeats"


def ready(code: str, answers: dict[str, Any]) -> dict[str, Any]:
    """File one application; its pages with their headers, its rows, and the statements that write and read it."""
    from django.test import Client

    from madoguchi.applications import intake
    from madoguchi.applications.models import Filing, Idempotency
    from madoguchi.cases.models import Case, Event, Task
    from madoguchi.catalogue.queries import find
    from madoguchi.platform.sql.rows import row_of

    client = Client(headers={"Sec-Fetch-Site": "same-origin", "Host": "127.0.0.1"})
    form = client.get(f"/procedures/{code}/apply/")
    filed = client.post(f"/procedures/{code}/submit/", {"answers": json.dumps(answers), "key": KEY, "started": "240"})
    receipt = client.get(filed["Location"])
    case = Case.objects.get(reference=filed["Location"].split("/")[2])
    rows = [
        Idempotency.objects.get(case=case), case, Filing.objects.get(case=case), Task.objects.get(case=case),
        Event.objects.get(case=case),
    ]  # fmt: skip
    files = find(code).compiled.files_in(answers)
    claims = {path[0]: [question.accept, question.max_mb << 20] for path, question, _ids in files}
    return {
        "form": form.content.decode(),
        "form_headers": list(form.headers.items()),
        "filed_headers": [*filed.headers.items(), ("Set-Cookie", filed.cookies["cases"].OutputString())],
        "receipt": receipt.content.decode(),
        "receipt_headers": list(receipt.headers.items()),
        "reference": case.reference,
        "rows": {type(one).__name__: row_of(one) for one in rows},
        "claims": claims,
        "write": intake._statement(),
        "read": intake.RECEIPT,
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(ready(sys.argv[1], json.loads(sys.argv[2])), default=str))
