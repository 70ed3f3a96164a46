"""Taking in the files of acquirers and banks (消込): every line is settled, or every faulty line is told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from madoguchi.payments.closing.imports import WITH_FILES, import_statement
from madoguchi.payments.paying.providers import provider_name
from madoguchi.payments.paying.providers.statement import COLUMNS, MOST_BYTES, WAY, BadFile
from madoguchi.payments.statement_file import Fault
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from .. import money
from .case import status_of


def statement(request: HttpRequest) -> HttpResponse:
    """Choose the file; a POST books it whole or not at all and says what came of it."""
    told: dict[str, object] = {"chosen": request.POST.get("provider", "")}
    status = 200
    if request.method == "POST":
        try:
            told["counts"] = _imported(request)
        except ActionRefused as no:
            told["refused"], status = str(no), status_of(no)
        except BadFile as bad:
            told["faults"], status = [(one.line, fault_words(one)) for one in bad.faults], 422
    ways = [(code, provider_name(code)) for code in WITH_FILES]
    columns = {"columns": COLUMNS, "way_column": WAY}
    context = {"may": money.sees_all(acting(request)), "ways": ways, **columns, **told}
    return render(request, "desk/statement.html", context, status=status)


def _imported(request: HttpRequest) -> list[tuple[str, int]]:
    sent = request.FILES.get("statement")
    if sent is None or getattr(sent, "dropped", None):
        raise ActionRefused(_("ファイルを選んでください。"))
    content = sent.read(MOST_BYTES + 1)
    found = import_statement(provider=request.POST.get("provider", ""), content=content, by=acting(request))
    names = {
        "paid": _("納付として記録した件数"),
        "nothing": _("すでに記録されていた件数"),
        "mismatch": _("差異として残した件数"),
    }
    return [(name, found[code]) for code, name in names.items()]


def fault_words(fault: Fault) -> str:
    """What is wrong in a line, as a sentence."""
    sentences = {
        "too-large": _("ファイルが大きすぎます。日を分けて取り込んでください。"),
        "busy": _("いま混み合っています。少し待って、もう一度送ってください。"),
        "too-many-lines": _("行が多すぎます。日を分けて取り込んでください。"),
        "empty": _("明細の行がありません。"),
        "not-csv": _("CSVとして読めません。"),
        "not-text": _("文字コードが、UTF-8でもShift_JISでもありません。"),
        "column-missing": _("見出しに、この列がありません。"),
        "empty-cell": _("この列が空です。"),
        "amount": _("金額は、1以上の整数で書いてください。"),
        "date": _("入金日時は、2026-04-01のように書いてください。"),
        "there-twice": _("同じ取引番号が、二度あります。"),
        "way": _("収納方法は、現金・口座・カード・電子マネー・コード決済のどれかを書いてください。"),
    }
    return f"{sentences[fault.code]} {fault.value}".strip()
