"""The way of canary_people through every call of all services: from the first registration to lost cards and returned
mail, and everything that is refused on it."""

import base64
import concurrent.futures
import datetime
import pathlib
import re
import sys
import tempfile
import time
import zoneinfo

import binaries
import canary_erasing
from canary_asker import every_method, methods
from canary_people import ANOTHER, MARKS, MUNICIPALITY, Person, date, text

sys.path[:0] = [str(binaries.ROOT / "deploy")]
from card_way import PHOTO, application_id_on  # noqa: E402

CITY, OTHER_CITY = f"municipality/{MUNICIPALITY}", f"municipality/{ANOTHER}"
AUTHORITIES = (CITY, "post-office", "hotline", "factory", "application-site", "photo-booth", "terminal")
FIRST_SERIAL, SERIALS = 3_010_010_000, 20_000
THREADS = 6
BATCH = 50
WAIT_SECONDS_MAX = 120
PHOTOGRAPH = base64.b64encode(PHOTO.read_bytes()).decode()
PINS = [f"PIN_{name}" for name in ("SIGNATURE", "AUTHENTICATION", "RESIDENT_REGISTER", "SURFACE_INPUT")]
PASSPORT = ["DOCUMENT_PASSPORT"]
TAX = {"purpose": "PURPOSE_TAX"}


class Clock:
    """The server's, in a file; without one, days do not pass."""

    def __init__(self, file=None):
        self.file, self.days = file, 0
        self.go(0)

    def go(self, days):
        """Whether it is that day now."""
        if self.file is None:
            return False
        self.days = days
        partial = self.file.with_suffix(".partial")
        partial.write_text(f"{days * 24 * 3600}\n")
        partial.rename(self.file)
        time.sleep(1.2)  # it is looked at twice a second
        return True

    def today(self):
        return datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Tokyo")).date() + datetime.timedelta(days=self.days)


class Way:
    """`mail`: the server's folder of mails. `crash` is called twice, each time while calls are on their way."""

    def __init__(self, asker, people, clock, mail, crash):
        self.asker, self.clock, self.mail, self.crash = asker, clock, mail, crash
        self.ask, self.try_to = asker.ask, asker.try_to
        self.people, self.odd_one = [Person(number) for number in range(people)], Person(people)

    def go(self):
        with concurrent.futures.ThreadPoolExecutor(THREADS) as self.pool:
            for step in (self.register, self.look, self.refuse, self.print_notices, self.apply, self.make_cards,
                         self.hand_over, self.use, self.telephone, self.lose, self.post, self.grow_old, self.change,
                         self.read_all, self.erase):
                begin = time.monotonic()
                step()
                print(f"    {step.__name__}: {time.monotonic() - begin:.1f} s", flush=True)
        self.remember()

    def each(self, act, people=None):
        list(self.pool.map(act, self.people if people is None else people))

    def some(self, remainder, divisor):
        return [person for person in self.people if person.number % divisor == remainder]

    # ---- Numbers

    def register(self):
        """Half of them one by one, half in batches; the process dies in the middle."""
        half = len(self.people) // 2
        single = self.pool.submit(self.register_single, self.people[:half])
        self.crash()
        single.result()
        for first in range(half, len(self.people), BATCH):
            self.register_many(self.people[first:first + BATCH])

    def register_single(self, people):
        for person in people:
            said = self.ask("issuance", "RegisterResident", CITY, resident_record_code=person.code,
                            details=person.details())
            person.name = said.name

    def register_many(self, people):
        rows = [{"request_id": request_id_of(person), "resident_record_code": person.code,
                 "details": person.details()} for person in people]
        answers = self.ask("issuance", "RegisterResidents", CITY, batch_id=1, residents=rows)
        for person, row in zip(people, (row for answer in answers for row in answer.rows)):
            person.name = row.name

    def look(self):
        self.each(self.look_at)
        numbers = [person.individual_number for person in self.people]
        self.ask("issuance", "ValidateNumbers", CITY, individual_numbers=numbers)
        self.ask("issuance", "ListAccessRecords", "auditor", authority=CITY, month=date(self.clock.today()))

    def look_at(self, person):
        self.ask("issuance", "GetResident", CITY, name=person.name)
        said = self.ask("issuance", "DiscloseNumber", CITY, name=person.name, reference=self.note(person, "参照"),
                        **TAX)
        person.individual_number = said.individual_number
        self.ask("issuance", "FindResidentByNumber", CITY, individual_number=said.individual_number, reference="T-1",
                 **TAX)
        self.ask("issuance", "FindResidents", CITY, full_name=person.full_name, birth_date=person.birth_date)
        self.ask("issuance", "ListDisclosures", CITY, parent=person.name)
        self.ask("issuance", "ExportAccessHistory", CITY, name=person.name, reference=self.note(person, "開示"),
                 identity_confirmed=True)

    def note(self, person, what):
        """A clerk's words, remembered whether or not the protos mark them."""
        said = text(person.number, what)
        self.asker.heard[said] = "note"
        return said

    # ---- What is refused

    def refuse(self):
        """A name in every text of every call, then what is wrong with a registration, then another's calls."""
        self.register_single([self.odd_one])  # who comes to no more
        for service, method in sorted(every_method()):
            # Reports of unknown pieces are kept for good, their words being the carrier's.
            if (service, method) != ("postoffice", "ReportTrackingEvents"):
                for said in (MARKS[0], "residents/" + self.odd_one.address):
                    self.say_everywhere(service, method, said)
        self.each(self.refuse_registrations, self.people[:200])

    def say_everywhere(self, service, method, said):
        """In all of its texts at once, and in one after the other where the rest is as it should be."""
        fields = filled(methods(service)[method].input_type, said)
        fields = {name: value for name, value in fields.items() if name not in ("actor", "request_id")}
        named = {"name": self.odd_one.name} if "name" in fields else {}
        if "until_now" in methods(service)[method].input_type.fields_by_name:
            named["until_now"] = True  # or a stream goes on for ever
        for authority in AUTHORITIES:
            self.try_to(service, method, authority, **{**fields, **named})
            for name, value in fields.items():
                self.try_to(service, method, authority, **{**named, name: value})

    def refuse_registrations(self, person):
        year = self.clock.today().year + 5
        for changes in ({"full_name": ""}, {"full_name": person.full_name + "\n"}, {"birth_date": {"year": year}},
                        {"address": "別の" + person.address}, {"municipality_code": "131017"},
                        {"postal_code": person.address}, {"alias": person.name_kana}):
            self.try_to("issuance", "RegisterResident", CITY, resident_record_code=person.code,
                        details=person.details(**changes))
        rows = [{"request_id": text(person.number, "要求"), "resident_record_code": code, "details": person.details()}
                for code in (person.code[:-1] + "7", person.code + "1", person.full_name)]
        self.try_to("issuance", "RegisterResidents", CITY, batch_id=2, residents=rows)
        number = person.individual_number
        for wrong in (number[:11], number + "1", number[:11] + str((int(number[11]) + 1) % 10)):
            self.try_to("issuance", "FindResidentByNumber", CITY, individual_number=wrong, reference="T-2", **TAX)
        self.try_to("issuance", "GetResident", OTHER_CITY, name=person.name)
        self.try_to("issuance", "GetResident", "post-office", name="residents/" + number)
        self.try_to("issuance", "GetResident", CITY, name=person.name,
                    actor={"authority": CITY, "clerk_id": person.full_name})
        self.try_to("issuance", "ListAccessRecords", "auditor", authority="municipality/" + number)
        self.try_to("issuance", "DiscloseNumber", CITY, name=person.name, reference=number)
        self.try_to("card", "FindHolders", CITY, name=person.full_name, birth_date=person.birth_date)

    # ---- Notices and the mail

    def print_notices(self):
        self.each(self.print_notice)
        last = FIRST_SERIAL + SERIALS - 1
        self.ask("postoffice", "RegisterTrackingRange", "post-office", first_tracking_number=tracking(FIRST_SERIAL),
                 last_tracking_number=tracking(last))
        self.posted = date(self.clock.today())
        answers = self.ask("postoffice", "GetManifest", "post-office", posting_date=self.posted)
        pieces = {piece.notice: piece for answer in answers for piece in answer.pieces}
        for person in self.people:
            person.piece = pieces[person.notice].tracking_number

    def print_notice(self, person):
        person.notice = person.name + "/notices/1"
        self.ask("notice", "GetNotice", CITY, name=person.notice)
        said = self.ask("notice", "RenderNotice", CITY, name=person.notice, mayor_title="架空市長", mayor_name="見本 市長")
        with tempfile.NamedTemporaryFile(prefix="mynumber-canary-", suffix=".pdf") as pdf:
            pathlib.Path(pdf.name).write_bytes(said.pdf)
            person.application_id = re.sub(r"\D", "", application_id_on(pdf.name))
        self.asker.heard[person.application_id] = "application_id"

    def report(self, people, word, detail=""):
        day = date(self.clock.today())
        reports = [{"tracking_number": person.piece,
                    "report": {"day": day, "minute_of_day": 0, "status": word, "office": "架空郵便局", "detail": detail}}
                   for person in people]
        for first in range(0, len(reports), BATCH):
            self.ask("postoffice", "ReportTrackingEvents", "post-office", batch_id=1,
                     reports=reports[first:first + BATCH])

    def post(self):
        """A fifth of the pieces each: delivered and disputed, resent, handed over, mailed again, destroyed."""
        self.report(self.people, "引受")
        if not self.clock.go(1):
            self.report(self.people, "引受", "そのまま")
        self.report(self.some(0, 5), "お届け先にお届け済み")
        self.each(self.dispute, self.some(0, 5))
        away = [person for person in self.people if person.number % 5]
        self.report(away, "ご不在のため持ち戻り")
        self.each(lambda person: self.ask("notice", "ExplainNotice", "hotline", name=person.notice))
        day = date(self.clock.today() + datetime.timedelta(days=2))
        self.each(lambda person: self.ask("notice", "RequestResend", CITY, name=person.notice,
                                          tracking_number=person.piece, way="RESEND_WAY_DELIVERY", day=day,
                                          window="RESEND_WINDOW_19_TO_21"), self.some(1, 5))
        self.report(self.people[:2], "架空の文言")
        back = [person for person in self.people if person.number % 5 > 1]
        self.clock.go(9)
        self.report(back, "差出人に返送済み")
        self.each(lambda person: self.ask("notice", "RecordCounterHandover", CITY, name=person.notice,
                                          identity_check="IDENTITY_CHECK_PHOTO_DOCUMENT"), self.some(2, 5))
        self.each(lambda person: self.ask("notice", "MailAgain", CITY, name=person.notice), self.some(3, 5))
        self.ask("postoffice", "GetManifest", "post-office", posting_date=date(self.clock.today()))

    def dispute(self, person):
        self.ask("notice", "DisputeDelivery", CITY, name=person.notice, statement=self.note(person, "申出"))
        work = {"notice": person.notice, "kind": "WORK_KIND_DELIVERY_DISPUTED"}
        self.ask("notice", "ClaimWork", CITY, minutes=5, **work)
        self.ask("notice", "ResolveWork", CITY, record=self.note(person, "解決"), **work)
        self.ask("notice", "RecordInvestigation", CITY, name=person.notice, outcome="INVESTIGATION_OUTCOME_LOST",
                 record=self.note(person, "調査"))

    # ---- Cards

    def apply(self):
        """A quarter each by smartphone, from a photo booth, by mail with the notice's form, and by a form of the
        counter."""
        self.each(self.start_on_line, self.some(0, 4))
        self.confirm()
        self.each(self.apply_by_booth, self.some(1, 4))
        self.each(self.apply_by_mail, self.some(2, 4) + self.some(3, 4))
        self.each(self.review)

    def start_on_line(self, person):
        said = self.ask("card", "StartApplication", "application-site", application_id=person.application_id,
                        email=person.email, way="APPLICATION_WAY_SMARTPHONE")
        person.application = said.name

    def confirm(self):
        """By the links in the mails, which come in any order."""
        waiting = {person.email: person for person in self.some(0, 4)}
        until = time.monotonic() + WAIT_SECONDS_MAX
        while waiting and time.monotonic() < until:
            for headers, words in mails(self.mail):
                token = re.search(r"[?&]token=([\w.~-]+)", words)
                person = waiting.pop(re.search(r"kanaria-kakuudori-\d{4}@\S+invalid", headers)[0], None)
                if person is not None:
                    self.ask("card", "ConfirmEmail", "application-site", token=token[1])
                    self.ask("card", "SubmitApplication", "application-site", name=person.application,
                             photo=PHOTOGRAPH)
            time.sleep(0.1)
        if waiting:
            raise AssertionError(f"{len(waiting)} mails did not come")

    def apply_by_booth(self, person):
        said = self.ask("card", "SubmitApplication", "photo-booth", application_id=person.application_id,
                        photo=PHOTOGRAPH, payment_reference="BOOTH-1")
        person.application = said.name
        self.ask("card", "GetApplicationStatus", None, application_id=person.application_id,
                 birth_date=person.birth_date)

    def apply_by_mail(self, person):
        today = date(self.clock.today())
        form = {"application_id": person.application_id, "photo": PHOTOGRAPH} if person.number % 4 == 2 else {
            "resident": person.name}
        said = self.ask("card", "RecordMailedApplication", CITY, received_date=today, photo_taken_date=today,
                        documents=["DOCUMENT_PASSPORT", "DOCUMENT_APPLICATION_FORM"], return_envelope=True, **form)
        person.application = said.name

    def review(self, person):
        self.ask("card", "StartReview", CITY, name=person.application)
        self.ask("card", "ReviewPhoto", CITY, name=person.application)
        self.ask("card", "GetApplication", CITY, name=person.application)

    def make_cards(self):
        """The second crash: while the factory asks."""
        today = date(self.clock.today())
        asking = self.pool.submit(self.ask, "card", "GetProductionBatch", "factory", batch_date=today)
        self.crash()
        asking.result()
        orders, until = {}, time.monotonic() + WAIT_SECONDS_MAX
        while len(orders) < len(self.people) and time.monotonic() < until:
            for answer in self.ask("card", "GetProductionBatch", "factory", batch_date=today):
                orders |= {order.card: order.serial for order in answer.orders}
        for person in self.people:
            person.card = person.name + "/cards/1"
            person.serial = orders[person.card]
        results = [{"card": card, "day": today, "outcome": "OUTCOME_SHIPPED"} for card in orders]
        failure = {"card": self.people[-1].card, "day": today, "outcome": "OUTCOME_FAILED",
                   "failure": self.note(self.people[-1], "不良")}
        results.append(failure)
        for first in range(0, len(results), BATCH):
            self.ask("card", "ReportProduction", "factory", results=results[first:first + BATCH])

    def hand_over(self):
        self.each(self.hand_over_one)

    def hand_over_one(self, person):
        for method in ("RecordArrival", "SetUpCard", "SendIssueNotice"):
            self.ask("card", method, CITY, name=person.card)
        self.try_to("card", "RemindOfPickUp", CITY, name=person.card)
        if person.number % 10 != 9:  # those never come
            self.ask("card", "IssueCard", CITY, name=person.card, documents=PASSPORT, pins_set=PINS)
        self.ask("card", "GetCard", CITY, name=person.card)
        self.ask("card", "GetCardStatus", "terminal", name=person.card)
        self.ask("card", "GetCardStatus", "terminal", serial=person.serial)

    def in_use(self):
        return [person for person in self.people if person.number % 10 != 9]

    def use(self):
        self.each(self.use_one, self.in_use())

    def use_one(self, person):
        card = {"name": person.card}
        self.ask("card", "SetCodeWord", CITY, resident=person.name, code_word=self.note(person, "合言葉"))
        self.ask("card", "LockPin", "terminal", pin="PIN_AUTHENTICATION", **card)
        self.ask("card", "UnlockPin", CITY, pin="PIN_AUTHENTICATION", documents=PASSPORT, **card)
        self.ask("card", "RevokeCertificate", CITY, certificate="CERTIFICATE_SIGNATURE", **card)
        self.ask("card", "IssueCertificate", CITY, certificate="CERTIFICATE_SIGNATURE", **card)
        self.ask("card", "RegisterHealthInsurance", CITY, **card)
        self.try_to("card", "ExtendValidity", CITY, new_period_of_stay_end=date(self.clock.today() + datetime.timedelta(
            days=1500)), **card)

    # ---- The hotline, and what it leads to

    def telephone(self):
        self.each(self.call_hotline, self.in_use())

    def call_hotline(self, person):
        def ask(method, **fields):
            return self.ask("hotline", method, "hotline", **fields)

        case = ask("OpenCase", language="ja", caller_kind="CALLER_KIND_HOLDER", note=self.note(person, "電話")).name
        birth = {"birth_date": person.birth_date}
        ask("IdentifyCaller", name=case, search={"name": person.name_kana, **birth})
        for search in ({"card_serial": person.serial}, {"application_id": person.application_id},
                       {"name": person.address, **birth}):
            self.try_to("hotline", "IdentifyCaller", "hotline", name=case, search=search)
        ask("IdentifyCaller", name=case, claim={"resident": person.name, "address": person.address,
                                                "code_word": text(person.number, "合言葉"), **birth})
        ask("SuspendCard", name=case, card=person.card, reason="SUSPENSION_REASON_LOST")
        ask("AddNote", name=case, text=self.note(person, "覚書"))
        ask("RecordPoliceReport", name=case, receipt_number=self.receipt(person))
        for claim in ({"address": "別の" + person.address}, {"code_word": text(person.number, "合言葉")}):
            self.try_to("hotline", "IdentifyCaller", "hotline", name=case,
                        claim={"resident": person.name, **birth, **claim})
        self.try_to("hotline", "LiftSuspension", "hotline", name=case, card=person.card)
        ask("GetCase", name=case)
        ask("CloseCase", name=case)
        self.try_to("hotline", "AddNote", "hotline", name=case, text=self.note(person, "遅い覚書"))

    def receipt(self, person):
        said = f"kanaria-kakuudori-{person.number:05d}"
        self.asker.heard[said] = "police_receipt"
        return said

    def lose(self):
        """Found and lifted; or given up, and applied for anew; or returned."""
        self.each(self.lose_one, self.in_use())

    def lose_one(self, person):
        card = {"name": person.card}
        self.ask("card", "ReportLoss", CITY, police_receipt=self.receipt(person), **card)
        self.ask("card", "ReportFound", "hotline", **card)
        self.ask("card", "LiftSuspension", CITY, person_present=True, lost_at_home=True, documents=PASSPORT, **card)
        today, moved = date(self.clock.today()), "隣町" + person.address
        self.ask("issuance", "RecordMove", CITY, names=[person.name], move_date=today, address=moved,
                 postal_code="1000001", municipality_code=MUNICIPALITY)
        self.ask("card", "RecordChange", CITY, change="CARD_CHANGE_ADDRESS", changed_date=today, **card)
        self.ask("card", "SuspendCard", CITY, reason="SUSPENSION_REASON_MISUSE_FEARED", **card)
        if person.number % 3 == 0:
            said = self.try_to("card", "Reissue", CITY, name=person.card, photo=PHOTOGRAPH,
                               ground="REISSUE_GROUND_LOST", police_receipt=self.receipt(person), fee_receipt="FEE-1",
                               representative={"full_name": text(person.number, "代理"), "relation": "parent"})
            if said is not None:
                self.ask("card", "WithdrawApplication", CITY, name=said.name)
        elif person.number % 3 == 1:
            self.ask("card", "RevokeCard", CITY, ground="REVOCATION_GROUND_REQUESTED", **card)
        else:
            self.ask("card", "ReturnCard", CITY, **card)

    # ---- Lives

    def change(self):
        self.each(self.change_one)
        for remainder in range(5):
            self.each((self.depart, self.die, self.void, self.replace, self.recode)[remainder], self.some(remainder, 5))

    def replaced(self):
        """Whose first number no row has any more: receipts that had it are older than they are kept."""
        return self.some(3, 5)

    def change_one(self, person):
        today = date(self.clock.today())
        elsewhere = {"address": "転居先" + person.address, "postal_code": "1000001", "municipality_code": MUNICIPALITY}
        self.ask("issuance", "RecordMove", CITY, names=[person.name], move_date=today, **elsewhere)
        corrected = person.details(full_name=person.full_name + " 訂正", **elsewhere)
        self.ask("issuance", "CorrectResident", CITY, name=person.name, details=corrected,
                 reason=self.note(person, "訂正"))

    def depart(self, person):
        today = date(self.clock.today())
        self.ask("issuance", "RecordDeparture", CITY, name=person.name, departure_date=today)
        self.ask("issuance", "RecordReturn", OTHER_CITY, name=person.name, return_date=today,
                 details=person.details(municipality_code=ANOTHER, address="帰国後" + person.address))

    def die(self, person):
        self.ask("issuance", "RecordDeath", CITY, name=person.name, death_date=date(self.clock.today()))

    def void(self, person):
        self.ask("issuance", "VoidRegistration", CITY, name=person.name, evidence=self.note(person, "証拠"),
                 reason=self.note(person, "誤り"))

    def replace(self, person):
        self.ask("issuance", "ReplaceNumber", CITY, name=person.name, evidence=self.note(person, "漏洩"),
                 ground="REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE", decision="REPLACEMENT_DECISION_MAYOR_ON_REQUEST")

    def recode(self, person):
        self.ask("issuance", "ChangeResidentRecordCode", CITY, name=person.name,
                 new_resident_record_code=person.later_code, evidence=self.note(person, "変更"))

    def grow_old(self):
        """What needs months: custody that ends, cards that nobody comes for, a card that is renewed."""
        self.clock.go(110)
        self.each(lambda person: self.try_to("notice", "RecordDestruction", CITY, name=person.notice,
                                             record=self.note(person, "廃棄")), self.some(4, 5))
        self.each(lambda person: self.try_to("card", "RemindOfPickUp", CITY, name=person.card), self.some(9, 10))
        self.clock.go(400)
        self.each(lambda person: self.try_to("card", "DestroyCard", CITY, name=person.card,
                                             ground="DESTRUCTION_GROUND_UNCOLLECTED", record=self.note(person, "破棄")),
                  self.some(9, 10))
        for method in ("Renew", "ContinueUse"):
            for person in self.people[:10]:
                self.try_to("card", method, CITY, name=person.card)

    def erase(self):
        canary_erasing.erase(self, self.erased(), CITY)

    def erased(self):
        """Who was registered by mistake, and is in no row any more once the way is gone."""
        return self.some(2, 5)

    # ---- Lists

    def read_all(self):
        town, until = {"municipality_code": MUNICIPALITY}, date(self.clock.today() + datetime.timedelta(days=5000))
        for service, method, fields in (
                ("issuance", "ListResidents", town), ("issuance", "StreamResidents", town),
                ("issuance", "GetDigest", town), ("notice", "ListNotices", town), ("notice", "ListWork", town),
                ("notice", "WatchNotices", {**town, "until_now": True}),
                ("card", "ListApplications", {**town, "state": "STATE_SHIPPED"}),
                ("card", "ListCards", {**town, "state": "STATE_REVOKED"}),
                ("card", "ListDeadlines", {**town, "until": until}),
                ("card", "SetMunicipality", {**town, "settings": {"pick_up_months": 3}}),
                ("card", "GetMunicipality", town)):
            self.ask(service, method, CITY, **fields)
        self.ask("issuance", "GetOutcome", CITY, request_id=request_id_of(self.people[-1]), method="RegisterResident")
        self.ask("postoffice", "ListUnknownWords", "post-office")
        self.ask("hotline", "ListCases", "hotline", state="STATE_CLOSED")
        self.ask("hotline", "GetOpenLines", "hotline", language="ja")
        self.ask("card", "WatchSuspensions", "terminal", until_now=True)
        for method in ("ListServices", "GetTransitions"):
            self.ask("card", method, None, **({"municipality_code": MUNICIPALITY} if method == "ListServices" else {}))
        person = self.in_use()[0]
        self.ask("card", "FindHolders", "service/hotline", name=person.name_kana, birth_date=person.birth_date)
        self.ask("card", "ConfirmHolder", "service/hotline", resident=person.name, birth_date=person.birth_date,
                 address=person.address)
        self.ask("operations", "GetStatus", None)
        self.ask("operations", "GetCheckpoints", None)
        for service in ("issuance", "notice", "card", "hotline"):
            for method in ("ExportLog", "Verify", "ListLostAnswers"):
                self.ask("operations", method, None, service=service)

    def remember(self):
        """What every name and address has in it, so that a part of one is found."""
        self.asker.heard |= {mark: "mark" for mark in MARKS}


def filled(message, said, depth=0):
    """A request with these words in all its texts; of alternatives, in the first."""
    fields = {}
    for field in message.fields:
        if field.containing_oneof is not None and field.name != field.containing_oneof.fields[0].name:
            continue
        value = None
        if field.type == field.TYPE_STRING:
            value = said
        elif field.type == field.TYPE_BYTES:
            value = base64.b64encode(said.encode()).decode()
        elif field.message_type is not None and depth < 3 and not field.message_type.full_name.startswith("google."):
            value = filled(field.message_type, said, depth + 1)
        if value is not None:
            fields[field.name] = [value] if field.label == field.LABEL_REPEATED else value
    return fields


def request_id_of(person):
    return f"00000000-0000-4000-8000-{person.number:012d}"


def tracking(serial):
    return f"{serial:010d}{serial % 7}"


def mails(folder):
    """(headers, text) of each mail that is whole."""
    import email
    import email.policy
    for file in folder.glob("*.eml"):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        yield "\n".join(f"{name}: {value}" for name, value in message.items()), message.get_content()
