"""Every kind of event, declared once; the record, the pages, the letters and the figures read it here.

A code and the keys of its data are part of what is hashed: they never change once an event was written.
"""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from . import sentences
from .kind import Kind, Measure
from .models import Case
from .sentences import Data, Sentence


def on_timeline() -> list[str]:
    """The kinds that the applicant sees."""
    return [code for code, kind in KINDS.items() if kind.applicant]


def counted(*measures: Measure) -> list[str]:
    """The kinds that the figures count as one of these."""
    return [code for code, kind in KINDS.items() if kind.measure in measures]


def letter_name(letter: str) -> str:
    """What a letter was about: it bears the kind that it follows, or `link-again`."""
    about = KINDS[letter].letter if letter in KINDS else {"link-again": marked("リンクの再送")}.get(letter)
    return _(about) if about else letter


def _letter(_case: Case, data: Data) -> str:
    return letter_name(data.get("letter", ""))


def _money(meaning: str, officer: str, applicant: Sentence = "", **data: str) -> Kind:
    keys = {"charge": "納付番号", "due": "yen still to pay after it", "yen": "", **data}
    return Kind(meaning=meaning, officer=officer, detail=sentences.amount, applicant=applicant, data=keys)


def _visit(meaning: str, officer: str, applicant: str = "") -> Kind:
    keys = {"order": "予約番号", "at": "its beginning", "way": "`counter`, `video`"}
    return Kind(meaning=meaning, officer=officer, detail=sentences.appointment, applicant=applicant, data=keys)


def _line(meaning: str, officer: str) -> Kind:
    return Kind(meaning=meaning, officer=officer, detail=sentences.line, data={"step": "", "item": ""})


_AS_WRITTEN: Final = "problems that the applicant lifted: code and pointer, never the value"

KINDS: Final[dict[str, Kind]] = {
    "submitted": Kind(
        meaning="the application arrived (到達); always the first event",
        data={
            "filing": "number of the answers, 1",
            "channel": "`online`, `counter`, `api`",
            "fee": "yen or null",
            "seconds": "time in the form, when told",
            "invented": "true: of a demo town's past",
            "as_written": _AS_WRITTEN,
        },
        officer=marked("到達"),
        applicant=marked("申請が到達しました"),
        letter=marked("受付のお知らせ"),
        measure="arrival",
    ),
    "email-confirmed": Kind(
        meaning="the applicant opened the link of a letter, so the address is theirs",
        officer=marked("メールアドレスの確認"),
        applicant=marked("メールアドレスを確認しました"),
    ),
    "read": Kind(
        meaning="an officer opened the file; at most once an hour per officer",
        data={"office": ""},
        officer=marked("閲覧"),
        detail=sentences.office,
    ),
    "task-taken": Kind(
        meaning="an officer took the case over (担当)", data={"officer": ""}, officer=marked("担当の決定")
    ),
    "moved": Kind(
        meaning="a step of the flow ended with an outcome, and the next began",
        data={"from": "a step of the flow", "outcome": "one of its outcomes", "to": "a step or an end"},
        officer=sentences.from_to,
        applicant=sentences.went_on,
        measure="step",
    ),
    "correction-asked": Kind(
        meaning="the office asked for a correction (補正); the standard period pauses until the next `moved`",
        data={"correction": "", "questions": "ids of the questions asked about"},
        officer=marked("補正の求め"),
        applicant=marked("補正をお願いしました"),
        letter=marked("補正のお願い"),
        measure="correction",
    ),
    "correction-answered": Kind(
        meaning="the applicant answered; the period runs again",
        data={
            "correction": "",
            "filing": "",
            "channel": "`online`, `counter`",
            "unchanged": (
                "the questions asked about whose answer the applicant calls right as it is; absent when there are none"
            ),
            "as_written": _AS_WRITTEN,
        },
        officer=marked("補正の回答"),
        detail=sentences.answer,
        applicant=marked("補正の回答を受け取りました"),
        letter=marked("補正を受け取ったお知らせ"),
    ),
    "consulted": Kind(
        meaning="another office was asked (照会) and may now read the case",
        data={"consultation": "", "office": ""},
        officer=marked("照会"),
        detail=sentences.office,
    ),
    "consultation-answered": Kind(
        meaning="that office answered", data={"consultation": ""}, officer=marked("照会への回答")
    ),
    "note-added": Kind(
        meaning="a note for colleagues; its text is not in the record", data={"note": ""}, officer=marked("メモ")
    ),
    "checked": _line("a line of the check list was ticked", marked("確認項目にチェック")),
    "unchecked": _line("a line was unticked again", marked("確認項目のチェックを外した")),
    "step-answered": Kind(
        meaning="what a step asks was answered (現地調査の結果 …); the answers are a filing, not in the record",
        data={"step": "a step of the flow", "filing": "its number among the step's"},
        officer=marked("記入"),
        detail=sentences.ask,
    ),
    "drafted": Kind(
        meaning="a decision was drafted and went up the chain (起案)",
        data={"draft": "", "result": ""},
        officer=marked("起案"),
        detail=sentences.result,
    ),
    "approved": Kind(
        meaning="one seat of the chain approved (決裁)",
        data={"draft": "", "position": "", "order": "", "deputy": "true: 代決"},
        officer=marked("決裁"),
        detail=sentences.seat,
    ),
    "sent-back": Kind(
        meaning="a seat sent the draft back (差戻し); why stands with the draft",
        data={"draft": "", "position": ""},
        officer=marked("差戻し"),
        detail=sentences.seat,
    ),
    "decided": Kind(
        meaning="the last seat approved: the decision exists",
        data={"decision": "", "result": "", "number": "of the document, 文書番号"},
        officer=marked("決定"),
        detail=sentences.result_and_number,
        applicant=sentences.decision,
        measure="decision",
    ),
    "issued": Kind(
        meaning="the signed document exists (施行), in the same transaction as the decision",
        data={"credential": "", "sha256": "of the PDF"},
        officer=marked("文書の発行（施行）"),
        applicant=marked("文書を発行しました"),
        letter=marked("決定のお知らせ"),
        measure="document",
    ),
    "delivered": Kind(
        meaning="the applicant downloaded it, or got it on paper at the counter",
        data={"credential": "", "by": "`download`, `paper`"},
        officer=marked("文書の受取り"),
        detail=sentences.way_out,
        applicant=marked("文書を受け取りました"),
        measure="collection",
    ),
    "document-withdrawn": Kind(
        meaning="the document was withdrawn (取消); the verification page says so from now on",
        data={"credential": ""},
        officer=marked("文書の取消し"),
        applicant=marked("文書が取り消されました"),
    ),
    "withdrawn": Kind(
        meaning="the applicant withdrew the application (取下げ)",
        data={"channel": "`online`, `counter`"},
        officer=marked("取下げ"),
        detail=sentences.way_in,
        applicant=marked("取り下げました"),
        letter=marked("取下げのお知らせ"),
        measure="withdrawal",
    ),
    "closed": Kind(
        meaning="the office finished a notification (完結), which has no yes or no",
        data={"number": ""},
        officer=marked("完結"),
        measure="decision",
    ),
    "invited": Kind(
        meaning="a link into the case was made",
        data={"purpose": "`confirm`: in the first letter, `handover`: a QR code, `letter`: in another letter"},
        officer=marked("リンクの発行"),
    ),
    "entered": Kind(
        meaning="somebody entered the case on another device",
        data={"purpose": "`confirm`, `handover`, or `key`: with reference and case key"},
        officer=marked("申請者の入室"),
    ),
    "rated": Kind(
        meaning="the applicant rated the service, or changed the rating; the comment is not in the record",
        data={"score": "1 to 5"},
        officer=marked("利用者の評価"),
        applicant=marked("評価をいただきました"),
        measure="rating",
    ),
    "mailed": Kind(
        meaning="what follows an event was done, once (no letter leaves where no address was given)",
        data={"event": "absent when somebody asked for the link again: `letter` is `link-again`", "letter": ""},
        officer=marked("お知らせメールの送信"),
        detail=_letter,
    ),
    "letter-withheld": Kind(
        meaning=(
            "a letter that a stranger caused did not leave: nobody has confirmed the address, and it got one before; "
            "it may follow later"
        ),
        data={"event": "", "letter": ""},
        officer=marked("お知らせメールの見合わせ（アドレス未確認）"),
        detail=_letter,
        applicant=marked(
            "メールは送っていません（先に同じアドレスへ送ったメールのリンクを開くと、届くようになります）"
        ),
    ),
    "fee-noted": Kind(
        meaning="a corrected answer changed the fee",
        data={"yen": "", "before": ""},
        officer=marked("手数料の変更"),
        applicant=marked("手数料が変わりました"),
    ),
    "charged": _money(
        "a fee is asked for (調定), or more of it after a change",
        marked("請求"),
        marked("手数料の支払いをお願いしました"),
    ),
    "paid": _money(
        "a payment came in (納付); also one that came late or twice, which is then paid back",
        marked("納付"),
        sentences.payment,
        provider="",
    ),
    "reduced": _money(
        "less is asked for",
        marked("減免・減額"),
        marked("手数料が減りました"),
        kind="`reduced`: 減免, `lowered`: 減額 because of a change or a refund",
    ),
    "refunded": _money(
        "money was paid back (還付) the way it came", marked("還付"), marked("お金をお返ししました"), provider=""
    ),
    "written-off": _money("what was due is given up (不納欠損)", marked("不納欠損")),
    "payment-lapsed": _money(
        "the fee was not paid in time; a case whose flow says so ends with it",
        marked("未納による期限切れ"),
        marked("支払いの期限が過ぎたため、申請が終わりました"),
    ),
    "appointment-made": _visit(
        "a visit or a video call about the case was booked", marked("相談の予約"), marked("相談を予約しました")
    ),
    "appointment-moved": _visit("it was moved to another time", marked("予約の変更"), marked("相談の日時を変えました")),
    "appointment-cancelled": _visit(
        "it was cancelled, by the applicant or because the office closed",
        marked("予約の取消し"),
        marked("相談の予約を取り消しました"),
    ),
    "arrived": _visit("the visitor told that they are here", marked("来庁"), marked("窓口に着きました")),
    "called": _visit("and was called to a desk", marked("呼出し")),
    "holding-confirmed": Kind(
        meaning="an officer said what of a register (台帳) the case is about; anew after the register changed",
        data={"register": "", "holding": "its id, empty: the register has none", "seen": "its last entry then"},
        officer=marked("台帳の記載の確認"),
    ),
    "registered": Kind(
        meaning="the decision was entered in a register, in the same transaction",
        data={"register": "", "holding": "", "effect": "", "seq": "number of the entry of that holding"},
        officer=marked("台帳への記入"),
        applicant=marked("台帳に記入されました"),
    ),
    "purged": Kind(meaning="personal data was removed after the retention period", officer=marked("個人情報の消去")),
}
