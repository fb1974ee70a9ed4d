"""Writes dashboards/*.json, which Grafana loads, from panels.py: run it after a change there."""

import json
import pathlib

import panels

FOLDER = pathlib.Path(__file__).resolve().parent / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# In Grafana's grid of 24 columns.
WIDTHS = {panels.STAT: 4, panels.LINES: 8}
HEIGHTS = {panels.STAT: 4, panels.LINES: 8}
COLUMNS = 24


def dashboard(uid, title, description, rows):
    return {
        "uid": uid, "title": title, "description": description, "tags": ["mynumber"], "schemaVersion": 39,
        "editable": False, "graphTooltip": 1, "refresh": "10s", "time": {"from": "now-1h", "to": "now"},
        "timezone": "Asia/Tokyo",
        "templating": {
            "list": [{"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Source"}]},
        "panels": laid_out(rows),
    }


def laid_out(rows):
    """Every row under its title: numbers first, then lines, from left to right."""
    out, top = [], 0
    for title, inside in rows:
        out.append({"type": "row", "title": title, "collapsed": False, "panels": [], "id": len(out) + 1,
                    "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1}})
        top += 1
        for kind in (panels.STAT, panels.LINES):
            left, height = 0, 0
            for one in (one for one in inside if one[0] == kind):
                if left + WIDTHS[kind] > COLUMNS:
                    left, top = 0, top + HEIGHTS[kind]
                place = {"x": left, "y": top, "w": WIDTHS[kind], "h": HEIGHTS[kind]}
                out.append(panel(len(out) + 1, place, *one))
                left, height = left + WIDTHS[kind], HEIGHTS[kind]
            top += height
    return out


def panel(number, place, kind, title, unit, queries, description):
    made = {
        "id": number, "type": kind, "title": title, "description": description, "gridPos": place,
        "datasource": DATASOURCE,
        "targets": [{"refId": chr(ord("A") + i), "datasource": DATASOURCE, "expr": expr, "legendFormat": legend,
                     "instant": kind == panels.STAT} for i, (legend, expr) in enumerate(queries)],
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
    }
    if kind == panels.STAT:
        made["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "none", "graphMode": "none"}
    else:
        made["options"] = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}
    return made


def dashboards():
    """File name -> its text."""
    made = {
        "nation.json": dashboard("mynumber-nation", "Nation", "Numbers, notices, cards, suspensions: what becomes of "
                                 "residents' affairs. No panel shows anything about one of them.", panels.NATION),
        "engine.json": dashboard("mynumber-engine", "Engine", "Partitions, commands, log, Kafka, RocksDB, machines.",
                                 panels.ENGINE),
    }
    return {name: json.dumps(content, indent=1, ensure_ascii=False) + "\n" for name, content in made.items()}


if __name__ == "__main__":
    for name, text in dashboards().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
