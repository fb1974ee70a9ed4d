"""The rules of this folder, as tests and k8s/make_rules.py read them."""

import fnmatch
import pathlib

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
RULE_FILES = ("recording.yml", "alerts.yml")


def groups():
    """Of all files, in their order."""
    return [group for file in RULE_FILES for group in yaml.safe_load((FOLDER / file).read_text())["groups"]]


def rules():
    return [rule for group in groups() for rule in group["rules"]]


def alerts():
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def cluster_patterns():
    lines = (FOLDER / "cluster_metrics.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_cluster_metric(name):
    return any(fnmatch.fnmatch(name, pattern) for pattern in cluster_patterns())
