"""A card's way: applied for with the notice's ID, made, handed over, lost on a Saturday night, suspended, found and
lifted.

Part of deploy/run, after the notice's way and on the same cluster; the applicant's photograph is a drawing."""

import email
import email.policy
import json
import pathlib
import re
import subprocess
import time

import notice_way

PHOTO = pathlib.Path(__file__).resolve().parent / "sample" / "photo.jpg"
SATURDAY = 5


class CardWay:
    """`way` is the notice's, at its end."""

    def __init__(self, way):
        self.way, self.clock, self.resident = way, way.clock, way.resident

    def play(self, pdf):
        notice_way.say("\nThe card's way, on the same cluster:\n")
        self.apply(6, application_id_on(pdf))
        self.make(8)
        self.hand_over(30)
        lost = next(day for day in range(31, 38) if self.clock.day(day).weekday() == SATURDAY)
        self.lose(lost)
        self.find(lost + 1)
        self.lift(lost + 2)

    def apply(self, day, application_id):
        self.way.go(day, 20)
        self.ctl("application", "start", "--way", "smartphone",
                 fields={"application_id": application_id, "email": "hanako@example.jp"}, authority="application-site")
        link = self.link()
        confirmed = self.ctl("application", "confirm", fields={"token": link}, authority="application-site")
        self.application = confirmed["name"]
        self.ctl("application", "submit", self.application, "--photo", PHOTO, authority="application-site")
        self.way.tell(day, "The resident applies by smartphone: the notice's code, an e-mail, its link, a photograph.")
        self.tell_status(application_id)
        self.ctl("application", "review", self.application)
        self.ctl("application", "review", self.application, "--good")
        self.application_id = application_id

    def make(self, day):
        self.way.go(day, 10)
        self.way.ctl("card", "produce", "--date", self.clock.day(day).isoformat(), "--ship", authority="factory")
        self.card = f"{self.resident}/cards/1"
        self.way.tell(day, "The factory makes the card, and sends it to the municipality.")
        self.tell_status(self.application_id)

    def hand_over(self, day):
        self.way.go(day, 10)
        for step in ("arrive", "set-up", "notice"):
            self.ctl("card", step, self.card)
        self.ctl("card", "issue", self.card, "--document", "passport")
        self.way.tell(day, "It is handed over at the counter: identity checked, PINs set at the terminal.")
        self.tell_card()

    def lose(self, day):
        self.way.go(day, 23, 40)
        opened = self.ctl("hotline", "open", "--caller", "holder", authority="hotline")
        case = opened["name"]
        lines = self.ctl("hotline", "lines", authority="hotline")
        number = lines["suspension_lines"][0]["number"]
        self.way.tell(day, f"23:40, a Saturday: the card is lost. {number} takes suspensions at every hour.")
        person = notice_way.RESIDENT
        found = self.ctl("hotline", "identify", case, "--by", "name", authority="hotline",
                         fields={"name": person["name_kana"], "birth_date": person["birth_date"]})
        self.ctl("hotline", "identify", case, "--resident", found["candidates"][0]["resident"], authority="hotline",
                 fields={"birth_date": person["birth_date"], "address": person["address"]})
        said = self.ctl("hotline", "suspend", case, "--card", self.card, "--reason", "lost", authority="hotline")
        notice_way.say(f"          {said['sentence_ja']}\n          {said['sentence_en']}")
        self.tell_card()

    def find(self, day):
        self.way.go(day, 11)
        self.ctl("card", "found", self.card, authority="hotline")
        self.way.tell(day, "It is found again, at home. No telephone call lifts a suspension.")
        self.tell_card()

    def lift(self, day):
        self.way.go(day, 9)
        self.ctl("card", "lift", self.card, "--lost-at-home", "--document", "passport")
        self.way.tell(day, "At the municipal office, the holder present, the suspension is lifted.")
        self.tell_card()

    # ---- What is seen

    def link(self):
        """What the mail's link opens the application with; the mail is sent some milliseconds after the call."""
        until = time.monotonic() + notice_way.SECONDS_MAX
        while time.monotonic() < until:
            for file in (self.way.cluster.data / "mail").glob("*.eml"):
                text = email.message_from_bytes(file.read_bytes(), policy=email.policy.default).get_content()
                if found := re.search(r"[?&]token=([\w.~-]+)", text):
                    return found[1]
            time.sleep(0.05)
        raise RuntimeError("no mail with a link is in the folder")

    def tell_status(self, application_id):
        said = self.ctl("application", "status",
                        fields={"application_id": application_id, "birth_date": notice_way.RESIDENT["birth_date"]},
                        authority="application-site")
        notice_way.say(f"          {said['sentence_ja']}\n          {said['sentence_en']}")

    def tell_card(self):
        status = self.ctl("card", "status", self.card, authority="terminal")
        usable = "may be used" if status.get("usable") else "cannot be used"
        notice_way.say(f"          To a terminal: {status['state'].removeprefix('STATE_')}, the card {usable}.")

    def ctl(self, *words, fields=None, authority=None):
        """The answer. What is personal goes by standard input, never by the command line."""
        done = self.way.ctl("--output", "json", *words, fields=fields, authority=authority)
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else {}


def application_id_on(pdf):
    """As whoever has the notice reads it."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.search(r"\d{4} \d{4} \d{4} \d{4} \d{4} \d{3}\b", text)[0]
