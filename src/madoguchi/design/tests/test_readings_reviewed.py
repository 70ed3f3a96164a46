"""The 500 words that pages in やさしい日本語 show most are read as was reviewed."""

from pathlib import Path

from .shown_words import shown

REVIEWED = Path(__file__).with_name("reviewed_readings.txt")
MOST_SHOWN = 500


def reviewed():
    """Each line of the file: a word and its reading. A word may have several, by what stands around it."""
    return {tuple(line.split()) for line in REVIEWED.read_text("utf-8").splitlines() if line and line[0] != "#"}


def test_the_words_shown_most_have_reviewed_readings():
    known = reviewed()
    unread = [f"{word} {reading}" for (word, reading), _count in shown().most_common(MOST_SHOWN)]
    unread = [line for line in unread if tuple(line.split()) not in known]
    assert not unread, (
        "read aloud, correct in design/readings.yaml what is wrong, then add to reviewed_readings.txt:\n"
        + "\n".join(unread)
    )


def test_nothing_that_was_read_wrongly_before_is_among_them():
    wrong = {
        ("保健", "ほけん", "所", "しょ"),
        ("空", "そら"),
        ("受付", "じゅふ"),
        ("日間", "かかん"),
        ("日前", "ひのくま"),
    }
    assert not {pair for pair in shown() if pair in wrong}
