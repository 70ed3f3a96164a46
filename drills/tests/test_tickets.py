"""The drill of forged tickets, small enough for every run of the tests."""

from drills import tickets

SEED = 7


def test_five_thousand_bad_tickets_are_refused_and_the_control_lets_them_in(capsys):
    assert tickets.main(["--tickets", "5000", "--seed", str(SEED)]) == 0
    said = capsys.readouterr().out
    assert "admitted: 0;" in said
    assert f"seed {SEED}" in said


def test_every_trick_was_tried_and_the_genuine_tickets_would_have_been_admitted():
    forger, met = tickets.Forger(SEED), tickets.drill(2000, SEED)
    assert {trick for trick, _state in met} == {trick.__name__ for trick in forger.tricks}
    assert met["other_key_number", "unknown-key"] and not tickets.admitted(met)
    states = {
        tickets.check(text, keys=forger.keys, facility=tickets.FACILITY, now=tickets.NOON).state
        for text in forger.texts
    }
    assert states == {"good"}
