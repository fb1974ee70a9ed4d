"""The access policy without its limits, for loads that one clerk of one authority could never cause."""

import pathlib
import re

POLICY = pathlib.Path(__file__).resolve().parent.parent / "deploy" / "access" / "policy.textproto"


def write(folder):
    """Where it is."""
    text = re.sub(r"(calls_per_second|burst|disclosures_per_hour|look_ups_per_hour): \d+", r"\1: 1000000",
                  POLICY.read_text())
    file = pathlib.Path(folder) / "unlimited-policy.textproto"
    file.write_text(text)
    return str(file)
