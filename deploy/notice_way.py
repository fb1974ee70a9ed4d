"""A notice's way from the number's issue to the resident's hands, on a cluster of its own whose clock is moved by hand,
and then the card's (card_way.py).

Part of deploy/run; everything that it makes goes with it, but the notice."""

import csv
import datetime
import json
import pathlib
import subprocess
import tempfile
import time
import zoneinfo

import card_way

TOKYO = zoneinfo.ZoneInfo("Asia/Tokyo")
MUNICIPALITY = "131016"
FIRST_NUMBER, LAST_NUMBER = "301-00-10000-4", "301-00-10999-2"
COLUMNS = ("お問い合わせ番号", "状態発生日", "配送履歴", "詳細", "取扱局", "県名等", "郵便番号")
SECONDS_MAX = 20
RESIDENT = {
    "resident_record_code": "51000000012", "full_name": "見本 花子", "name_kana": "ミホン ハナコ",
    "birth_date": "1987-03-01", "address": "架空町1丁目2番3号", "postal_code": "1000001",
    "municipality_code": MUNICIPALITY,
}


def show(stop, pdf):
    """Plays it and tells each step; the notice stays in the file `pdf`."""
    import first_run  # its Cluster; it imports this module

    with tempfile.TemporaryDirectory(prefix="mynumber-notice-") as folder:
        data = pathlib.Path(folder, "data")
        clock = Clock(pathlib.Path(folder, "clock"))
        addresses = [first_run.free_address("", "127.0.0.1:0") for _ in range(2)]
        with first_run.Cluster(data, *addresses, f"--manual_clock={clock.file}") as cluster:
            cluster.last_words = ""
            cluster.wait_until_ready(stop)
            way = Way(cluster, clock, pathlib.Path(folder))
            way.play(pdf)
            card_way.CardWay(way).play(pdf)


class Clock:
    """The services' time, in Tokyo; starts tomorrow at ten."""

    def __init__(self, file):
        self.file = file
        tomorrow = datetime.datetime.now(TOKYO).date() + datetime.timedelta(days=1)
        self.first = tomorrow
        self.set(0, 10)

    def day(self, days):
        return self.first + datetime.timedelta(days=days)

    def set(self, days, hour, minute=0):
        moment = datetime.datetime.combine(self.day(days), datetime.time(hour, minute), TOKYO)
        partial = self.file.with_suffix(".partial")
        partial.write_text(f"{int(moment.timestamp() - time.time())}\n")
        partial.rename(self.file)


class Way:
    def __init__(self, cluster, clock, folder):
        self.cluster, self.clock, self.folder = cluster, clock, folder

    def play(self, pdf):
        say("\nA notice's way, on a cluster of its own whose clock is moved by hand:\n")
        self.register()
        self.await_state("STATE_PREPARED")
        self.tell(0, "The number is issued; the notice is prepared.")
        pdf.unlink(missing_ok=True)
        self.ctl("notice", "render", self.name, "--file", pdf, "--mayor-title", "架空市長", "--mayor-name", "見本 市長")
        self.tell(0, f"It is drawn, as a PDF that its owner alone can read: {pdf}")
        self.ctl("post", "register-range", FIRST_NUMBER, LAST_NUMBER)
        self.ctl("post", "manifest", "--file", self.folder / "manifest.csv")
        self.tell(0, "It is handed to the post office as Simple Registered Mail.")
        self.go(2, 18)
        self.report((2, "14:00", "ご不在のため持ち戻り"))
        self.tell(2, "Nobody is at home; a contact form is left.")
        self.explain()
        self.ctl("notice", "resend", self.name, "--tracking-number", self.notice()["tracking_number"], "--day",
                 self.clock.day(4).isoformat(), "--window", "19-21")
        self.tell(2, "The resident asks to have it brought again.")
        self.explain()
        self.go(4, 21)
        self.report((4, "20:00", "お届け先にお届け済み"))
        self.tell(4, "It is delivered.")
        self.explain()

    def register(self):
        file = self.folder / "resident.csv"
        with open(file, "w", encoding="utf-8", newline="") as rows:
            writer = csv.DictWriter(rows, RESIDENT)
            writer.writeheader()
            writer.writerow(RESIDENT)
        results = self.folder / "results.jsonl"
        self.ctl("resident", "register", "--file", file, "--results", results)
        self.resident = json.loads(results.read_text().splitlines()[0])["name"]
        self.name = self.resident + "/notices/1"

    def report(self, *reports):
        file = self.folder / "carrier.csv"
        with open(file, "w", encoding="utf-8", newline="") as rows:
            writer = csv.writer(rows)
            writer.writerow(COLUMNS)
            for days, clock, word in reports:
                when = f"{self.clock.day(days):%Y/%m/%d} {clock}"
                writer.writerow([self.notice()["tracking_number"], when, word, "", "架空郵便局", "東京都", "1008799"])
        self.ctl("post", "import", file)

    def go(self, days, hour, minute=0):
        """The services look at the clock twice a second."""
        self.clock.set(days, hour, minute)
        time.sleep(1.2)

    def await_state(self, state):
        until = time.monotonic() + SECONDS_MAX
        while (notice := self.notice()).get("state") != state:
            if time.monotonic() > until:
                raise RuntimeError(f"the notice does not come to {state}: {notice}")
            time.sleep(0.05)

    def notice(self):
        """As it is, or why it cannot be had."""
        done = self.run("--output", "json", "notice", "get", self.name)
        return json.loads(done.stdout or done.stderr)

    def tell(self, days, text):
        say(f"  {self.clock.day(days):%d %b}  {text}")

    def explain(self):
        said = json.loads(self.ctl("--output", "json", "notice", "explain", self.name).stdout)
        say(f"          {said['sentence_ja']}\n          {said['sentence_en']}")

    def run(self, *words, fields=None, authority=None):
        """`fields` go by standard input, where nobody else sees them; `authority`: who asks, if not the
        municipality."""
        import first_run

        environment = {**self.cluster.client_environment(),
                       "MYNUMBER_AUTHORITY": authority or f"municipality/{MUNICIPALITY}"}
        if words[0] == "post":
            del environment["MYNUMBER_AUTHORITY"]
        command = [first_run.CLIENT_FOLDER / "mynumberctl", *map(str, words)]
        return subprocess.run(command, env=environment, text=True, input=json.dumps(fields or {}, ensure_ascii=False),
                              capture_output=True, check=False)

    def ctl(self, *words, **options):
        done = self.run(*words, **options)
        if done.returncode != 0:
            raise RuntimeError(f"mynumberctl {' '.join(map(str, words[:4]))}: {done.stdout}{done.stderr}")
        return done


def say(text):
    print(text, flush=True)
