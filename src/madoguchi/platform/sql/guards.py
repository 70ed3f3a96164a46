"""SQL of triggers that keep rows as they are, for migrations. They bind everybody, the tables' owner too.

Each function gives (what to run, what takes it back). A guard has the name of its table, so that the list of rights
(docs/reference/rights.md) can be compared with what is really there.
"""

from collections.abc import Sequence

Both = tuple[str, str]

REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is kept as it is: % is refused (%)', TG_TABLE_NAME, TG_OP, TG_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def frozen(table: str, columns: Sequence[str]) -> Both:
    """These columns of a row never change; the others may."""
    return _trigger(f"{table}_frozen", table, _update(table, columns, _changed(columns)))


def stays(table: str) -> Both:
    """No row goes, one by one or all at once."""
    return joined(
        _trigger(f"{table}_stays", table, f"BEFORE DELETE ON {table} FOR EACH ROW"),
        _trigger(f"{table}_not_emptied", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
    )


def stays_for(table: str, moment: str, days: int) -> Both:
    """A row goes only when the time in its column is so many days ago, by the database's clock."""
    young = f"OLD.\"{moment}\" > statement_timestamp() - interval '{days} days'"
    return joined(
        _trigger(f"{table}_stays", table, f"BEFORE DELETE ON {table} FOR EACH ROW WHEN ({young})"),
        _trigger(f"{table}_not_emptied", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
    )


def unchanged(table: str) -> Both:
    """No column of any row changes."""
    return _trigger(f"{table}_frozen", table, f"BEFORE UPDATE ON {table} FOR EACH ROW")


def after(table: str, column: str, moment: str) -> Both:
    """A column changes no more once the moment stands in another one: what was signed, closed or withdrawn."""
    when = f'OLD."{moment}" IS NOT NULL AND ({_changed([column])})'
    return _trigger(f"{table}_{column}_final", table, _update(table, [column], when))


def becomes(table: str, column: str, condition: str) -> Both:
    """A column changes only so that the condition on the old and the new row holds."""
    when = f"({_changed([column])}) AND NOT ({condition})"
    return _trigger(f"{table}_{column}_becomes", table, _update(table, [column], when))


def until_purged(table: str, *columns: str, once: str = "") -> Both:
    """The row, or these columns of it, go only with the personal data of a case whose retention has ended.

    With `once` this holds from the moment on that stands in that column. `only_purged`: the migration `cases` 0011.
    """
    if not columns:
        leaves = f"BEFORE DELETE ON {table} FOR EACH ROW WHEN (OLD.case_id IS NOT NULL)"
        return _trigger(f"{table}_purged", table, leaves, "only_purged")
    when = f"({_changed(columns)})" + (f' AND OLD."{once}" IS NOT NULL' if once else "")
    return _trigger(f"{table}_{columns[0]}_purged", table, _update(table, columns, when), "only_purged")


def joined(*parts: Both) -> Both:
    """Several guards as one, taken back in the other order."""
    return "".join(do for do, _undo in parts), "".join(undo for _do, undo in reversed(parts))


def _changed(columns: Sequence[str]) -> str:
    return " OR ".join(f'OLD."{one}" IS DISTINCT FROM NEW."{one}"' for one in columns)


def _update(table: str, columns: Sequence[str], when: str) -> str:
    """Only a statement that names one of the columns is looked at: the others need not compare whole files."""
    named = ", ".join(f'"{one}"' for one in columns)
    return f"BEFORE UPDATE OF {named} ON {table} FOR EACH ROW WHEN ({when})"


def _trigger(name: str, table: str, when: str, function: str = "refuse_change") -> Both:
    made = REFUSE if function == "refuse_change" else ""
    return f"{made}CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}();\n", f"DROP TRIGGER {name} ON {table};\n"
