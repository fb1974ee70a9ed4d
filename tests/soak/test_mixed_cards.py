"""Nobody is told of another's application, and nobody's photograph goes onto another's card: what test_mix_ups does to
notices, done to answers of the public status page and to the factory's batches.

Each applicant has a set of photograph defects, a name, a birth date, an address and a photograph that nobody else has,
so an answer says by itself whose it is."""

import concurrent.futures
import datetime
import hashlib
import random
import signal
import sys
import threading
import time
import unittest

import binaries
import mixing
import sizes
from mixing import CALLERS, PASSING
from sizes import note

sys.path.append(str(binaries.ROOT / "deploy"))

# Of a call: some are enough, most are not while others are asked.
DEADLINE_SECONDS = (0.0005, 0.01)
BATCH_DEADLINE_SECONDS = (0.002, 0.1)
STATUS_ROUNDS = 5
WAIT_SECONDS = 60
STANDSTILL_SECONDS = 1.0


def photograph(text):
    """The sample's, with a comment behind its first segment: as good, and nobody else's."""
    from card_way import PHOTO
    data, comment = PHOTO.read_bytes(), text.encode()
    at = 4 + int.from_bytes(data[4:6], "big")
    return data[:at] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2, "big") + comment + data[at:]


class Applicant:
    """Everything follows from the number, but the names that the services give."""

    def __init__(self, number):
        self.number, self.resident, self.application_id = number, None, None
        self.full_name, self.address = f"混同 申請{number}号", f"架空町3-{number}"
        day = datetime.date(1960, 1, 1) + datetime.timedelta(days=number)
        self.birth_date = protos.common_type.Date(year=day.year, month=day.month, day=day.day)
        # The bits of a number from 1 on: no two are the same.
        self.defects = [bit + 1 for bit in range(9) if number >> bit & 1]
        self.photos = [photograph(f"applicant {number}, booth {booth}") for booth in range(2)]
        self.photo = None  # that which was taken

    def registration(self):
        request = made_up.registration(self.number)
        request.details.full_name, request.details.address = self.full_name, self.address
        request.details.birth_date.CopyFrom(self.birth_date)
        return request


@unittest.skipIf(sizes.FAST, "slow")
class MixedCardsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries.folder()
        global callers, made_up, protos
        import caller as callers
        import made_up
        import service_protos as protos
        cls.folder, cls.server, cls.stubs = mixing.serve(cls, serves_notices=True, serves_cards=True)
        cls.booth = protos.common_type.Actor(authority="photo-booth", clerk_id="booth")
        cls.people = [Applicant(number) for number in range(1, 1 + min(sizes.MIX_UPS, 500))]
        cls.each(cls.register)
        cls.each(cls.read_notice)
        cls.each(lambda person: cls.submit(person, 0))
        cls.each(lambda person: cls.review(person, person.defects))
        note(f"{len(cls.people)} applicants, seed {sizes.SEED}")

    @classmethod
    def each(cls, act, people=None):
        with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
            return list(pool.map(act, cls.people if people is None else people))

    @classmethod
    def register(cls, person):
        person.resident = cls.stubs["issuance"].RegisterResident(person.registration(), timeout=WAIT_SECONDS).name

    @classmethod
    def once_known(cls, ask):
        """The answer of a service that hears of a resident a moment after the registration."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return ask()
            except callers.grpc.RpcError as error:
                if time.monotonic() > until:
                    raise
                if error.code().name not in (*PASSING, "NOT_FOUND"):
                    raise
            time.sleep(0.05)

    @classmethod
    def read_notice(cls, person):
        """The application ID, from the notice's own form."""
        from card_way import application_id_on
        request = protos.notice.RenderNoticeRequest(
            request_id=callers.request_id(), name=f"{person.resident}/notices/1", actor=made_up.CLERK,
            mayor_title="架空市長", mayor_name="例示 一郎")
        answer = cls.once_known(lambda: cls.stubs["notice"].RenderNotice(request, timeout=WAIT_SECONDS))
        paper = cls.folder / f"{person.number}.pdf"
        paper.write_bytes(answer.pdf)
        person.application_id = application_id_on(paper)

    @classmethod
    def submit(cls, person, booth):
        """The application, if this booth's photograph was taken."""
        request = protos.card.SubmitApplicationRequest(
            request_id=callers.request_id(), actor=cls.booth, application_id=person.application_id,
            photo=person.photos[booth], payment_reference=f"BOOTH-{booth}")
        application = cls.once_known(lambda: cls.stubs["card"].SubmitApplication(request, timeout=WAIT_SECONDS))
        person.photo, person.application = person.photos[booth], application.name
        return application

    @classmethod
    def review(cls, person, defects):
        words = {"actor": made_up.CLERK, "name": person.application}
        shown = cls.stubs["card"].StartReview(
            protos.card.StartReviewRequest(request_id=callers.request_id(), **words), timeout=WAIT_SECONDS)
        if shown.photo != person.photo:
            raise AssertionError("the clerk is shown another's photograph")
        cls.stubs["card"].ReviewPhoto(
            protos.card.ReviewPhotoRequest(request_id=callers.request_id(), defects=defects, **words),
            timeout=WAIT_SECONDS)

    def check_status(self, person, answer):
        self.assertEqual(answer.state, protos.card.Application.STATE_DEFECT)
        self.assertEqual(list(answer.defects), person.defects, "another's status")

    def test_1_a_status_is_that_of_whoever_asks(self):
        def ask(person):
            ran_out, dice = 0, random.Random(f"{sizes.SEED} {person.number}")
            for _ in range(STATUS_ROUNDS):
                request = protos.card.GetApplicationStatusRequest(application_id=person.application_id,
                                                                  birth_date=person.birth_date)
                answer, more = mixing.until_answered(self, self.stubs["card"].GetApplicationStatus, request, dice,
                                                     DEADLINE_SECONDS)
                self.check_status(person, answer)
                ran_out += more
            return ran_out
        ran_out = sum(self.each(ask))
        note(f"{len(self.people) * STATUS_ROUNDS} statuses asked, {ran_out} calls ran out on the way")
        self.assertGreater(ran_out, len(self.people) / 4, "nothing was replayed")

    def test_2_a_status_of_another_would_be_found(self):
        first, second = self.people[:2]
        request = protos.card.GetApplicationStatusRequest(application_id=second.application_id,
                                                          birth_date=second.birth_date)
        with self.assertRaisesRegex(AssertionError, "another's status"):
            self.check_status(first, self.stubs["card"].GetApplicationStatus(request, timeout=WAIT_SECONDS))

    def test_3_an_id_with_anothers_birth_date_is_told_nothing(self):
        for person, other in zip(self.people[:10], self.people[1:]):
            request = protos.card.GetApplicationStatusRequest(application_id=person.application_id,
                                                              birth_date=other.birth_date)
            with self.assertRaises(callers.grpc.RpcError) as refused:
                self.stubs["card"].GetApplicationStatus(request, timeout=WAIT_SECONDS)
            self.assertEqual(callers.explain(refused.exception)[1], "BIRTH_DATE_WRONG")

    def test_4_of_two_booths_within_a_second_one_is_taken_whole(self):
        def press(what):
            person, booth = what
            try:
                return self.submit(person, booth)
            except callers.grpc.RpcError as error:
                self.assertEqual(error.code().name, "FAILED_PRECONDITION", error.details())
                return None
        taken = self.each(press, [(person, booth) for person in self.people for booth in range(2)])
        for person, one, other in zip(self.people, taken[::2], taken[1::2]):
            self.assertEqual((one is None) + (other is None), 1, "not just one of two was taken")
            person.photo = person.photos[0 if other is None else 1]
        # Each compares the photograph that the clerk is shown with the one that was taken.
        self.each(lambda person: self.review(person, []))

    def test_5_an_order_is_one_persons_whole(self):
        whose = {f"{person.resident}/cards/1": person for person in self.people}
        for signal_number, seconds in ((signal.SIGSTOP, 0.3), (signal.SIGCONT, 0.3 + STANDSTILL_SECONDS)):
            timer = threading.Timer(seconds, self.server.process.send_signal, [signal_number])
            timer.start()
            self.addCleanup(timer.join)
        orders, cut = self.ask_for_orders(whose)
        note(f"{len(orders)} orders were told in whole or broken-off batches, {cut} of which broke off")
        self.assertGreater(cut, CALLERS / 4, "nothing was replayed")
        for order in orders:
            self.check_order(whose[order.card], order)
        first, second = self.people[:2]
        with self.assertRaisesRegex(AssertionError, "another's card"):
            swapped = next(order for order in orders if whose[order.card] is first)
            swapped.photo = second.photo
            self.check_order(first, swapped)

    def ask_for_orders(self, whose):
        """(all orders told to all callers at once, batches that broke off), until each caller has a whole one."""
        request = protos.card.GetProductionBatchRequest(actor=made_up.FACTORY, batch_date=made_up.today())

        def ask(number):
            dice, orders, cut, until = random.Random(f"{sizes.SEED} {number}"), [], 0, time.monotonic() + WAIT_SECONDS
            while time.monotonic() < until:
                told = []
                try:
                    longest = BATCH_DEADLINE_SECONDS[1] * 2 ** cut
                    for part in self.stubs["card"].GetProductionBatch(
                            request, timeout=dice.uniform(BATCH_DEADLINE_SECONDS[0], longest)):
                        told += part.orders
                except callers.grpc.RpcError as error:
                    self.assertIn(error.code().name, PASSING)
                    cut += 1
                orders += told
                if {order.card for order in told} == whose.keys():
                    return orders, cut
            raise AssertionError("no whole batch was told")
        answers = self.each(ask, range(CALLERS))
        return [order for orders, _ in answers for order in orders], sum(cut for _, cut in answers)

    def check_order(self, person, order):
        said = (order.full_name, order.address, order.birth_date, order.photo_digest, order.photo)
        self.assertEqual(said, (person.full_name, person.address, person.birth_date,
                                hashlib.sha256(person.photo).digest(), person.photo), "another's card")


if __name__ == "__main__":
    unittest.main()
