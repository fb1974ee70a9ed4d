"""Writes base/rules.yaml, the rules of deploy/prometheus as a PrometheusRule: run it after a change there."""

import pathlib
import sys

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "deploy" / "prometheus"))
import rules  # noqa: E402

HEADING = "# Made from deploy/prometheus by k8s/make_rules.py.\n"


def prometheus_rule():
    return {
        "apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
        "metadata": {"name": "mynumber", "labels": {"app.kubernetes.io/name": "mynumber"}},
        "spec": {"groups": rules.groups()},
    }


def text():
    return HEADING + yaml.safe_dump(prometheus_rule(), sort_keys=False, allow_unicode=True, width=110)


if __name__ == "__main__":
    (FOLDER / "base" / "rules.yaml").write_text(text(), encoding="utf-8")
