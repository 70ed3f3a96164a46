"""Checks, judges, shows and draws a question in the copy of the package that PYTHONPATH names; prints JSON.

Given on standard input: the question, an expression over it, and the answers to judge.
"""

import json
import os
import sys
from copy import deepcopy
from pathlib import Path


def main() -> None:
    given = json.load(sys.stdin)
    os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.config.settings"
    import django

    django.setup()
    print(json.dumps(found(given["question"], given["rule"], given["answers"]), ensure_ascii=False))


def found(question, rule, answers):
    """All that the house says of it."""
    from madoguchi.catalogue.checking.check import check, write_schema
    from madoguchi.catalogue.conftest import FLOWS, TOWN
    from madoguchi.catalogue.load import build

    tree = definition(question, rule)
    write(tree, answers[0])
    faults = [fault.sentence for fault in check(Path("procedures"), town=TOWN, flows=FLOWS)]
    if faults:
        return {"faults": faults}
    write_schema(Path("schema.json"))
    compiled = build(tree, {})
    judged = [judge(compiled, question["id"], answer) for answer in answers]
    return {"faults": [], "judged": judged, "drawn": drawn(compiled, question["id"], answers[-1]), "read": readers()}


def definition(question, rule):
    """The good definition of the catalogue's tests with this question, and a rule that reads it."""
    from madoguchi.catalogue.conftest import GOOD

    tree = deepcopy(GOOD)
    tree["form"].append({"id": "more", "title": "時間", "questions": [question]})
    tree["constraints"].append({"id": "more", "rule": rule, "message": "早すぎます。", "at": question["id"]})
    return tree


def write(tree, answer):
    """Its files, with an application that is accepted and one that is refused."""
    from madoguchi.catalogue.conftest import good_examples, needed_wordings, write_tree

    place = Path("procedures") / tree["code"]
    write_tree(place / "procedure.yaml", tree)
    for language in ("en", "ja-easy"):
        write_tree(place / "wording" / f"{language}.yaml", needed_wordings(tree))
    for name, example in good_examples().items():
        example["answers"][tree["form"][-1]["questions"][0]["id"]] = answer
        write_tree(place / "examples" / f"{name}.yaml", example)


def judge(compiled, name, answer):
    """[stored, as shown in Japanese, in English], or the sentences of a refusal."""
    from madoguchi.catalogue.conftest import ANSWERS
    from madoguchi.catalogue.messages import sentence

    judged = compiled.judge({**ANSWERS, name: answer})
    if judged.problems:
        return [sentence(compiled.told(one), compiled.words("ja")) for one in judged.problems]
    stored = judged.answers[name]
    return [stored, *(compiled.by_id[name].show(stored, compiled.words(language)) for language in ("ja", "en"))]


def drawn(compiled, name, answer):
    """The field as the page shows it with this answer."""
    from django.template.loader import render_to_string

    from madoguchi.catalogue.fields import FormBuilder

    answers = {name: answer}
    field = FormBuilder(compiled, "ja", answers, compiled.judge(answers).problems).of(compiled.by_id[name])
    return render_to_string("design/field.html", {"field": field})


def readers():
    """The folders whose scripts the form's script will have."""
    from madoguchi.design import assets

    return [path.parent.name for path in assets.readers()]


if __name__ == "__main__":
    main()
