"""The files that Grafana loads are those that panels.py says, and can be loaded. That every query is answered with data
asks tests/test_dashboard_queries.py."""

import json
import pathlib
import re
import sys
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))
import make_dashboards  # noqa: E402  (beside this file)

EVENTS = re.compile(r'mynumber_events_total\{service="(\w+)",type=~?"([\w|]+)"\}')


class DashboardsTest(unittest.TestCase):
    def test_files_are_what_the_panels_say(self):
        made = make_dashboards.dashboards()
        self.assertEqual(sorted(made), sorted(file.name for file in (FOLDER / "dashboards").iterdir()))
        for name, text in made.items():
            self.assertEqual((FOLDER / "dashboards" / name).read_text(encoding="utf-8"), text,
                             f"run deploy/grafana/make_dashboards.py: {name} is older than panels.py")

    def test_panels_fit_the_grid_and_do_not_overlap(self):
        for text in make_dashboards.dashboards().values():
            panels = json.loads(text)["panels"]
            self.assertGreater(len(panels), 20)
            self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
            taken = set()
            for panel in panels:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], make_dashboards.COLUMNS, panel["title"])
                cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                         for y in range(place["y"], place["y"] + place["h"])}
                self.assertFalse(cells & taken, panel["title"])
                taken |= cells

    def test_events_that_panels_ask_for_are_events(self):
        asked = 0
        for text in make_dashboards.dashboards().values():
            for service, types in EVENTS.findall(text.replace('\\"', '"')):
                proto = make_dashboards.FOLDER.parents[2] / "protos/mynumber" / service / "events/v1/events.proto"
                oneof = re.search(r"oneof event \{(.*?)\}", proto.read_text(encoding="utf-8"), re.DOTALL)[1]
                known = set(re.findall(r"\w+ (\w+) = \d+;", oneof))
                asked += 1
                self.assertLessEqual(set(types.split("|")), known)
        self.assertGreater(asked, 5)


if __name__ == "__main__":
    unittest.main()
