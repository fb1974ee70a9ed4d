"""Nobody gets another's papers: the two ways in which certificates of other people were printed in 2023, replayed.

Yokohama: under load a wait ran out, and what was half done went on as somebody else's. Kawasaki: two requests came
within a second, and the later one's file took the place of the earlier one's. Here: calls whose deadlines pass while
they are drawn, all repeated until they are answered; a server that stands still and goes on; two calls for each
resident at once."""

import concurrent.futures
import random
import re
import signal
import subprocess
import threading
import time
import unittest

import binaries
import mixing
import sizes
from mixing import CALLERS
from sizes import note

# Of a call: some are enough, most are not while others are drawn.
DEADLINE_SECONDS = (0.002, 0.2)
STANDSTILL_SECONDS = 1.0


def papers_of(answer):
    """The number and the name that a rendered notice shows, and whose it says it is."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=answer.pdf, stdout=subprocess.PIPE, check=True)
    text = done.stdout.decode()
    number = re.search(r"\b(\d{4}) (\d{4}) (\d{4})\n", text)
    name = re.search(r"混同\s*試験(\d+)号", text)
    return ("".join(number.groups()) if number else "", name.group(1) if name else "", answer.notice.name)


@unittest.skipIf(sizes.FAST, "slow")
class MixUpsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries.folder()
        global callers, protos
        import caller as callers
        import made_up
        import service_protos as protos
        cls.clerk, cls.registration = made_up.CLERK, staticmethod(made_up.registration)
        _, cls.server, cls.stubs = mixing.serve(cls, serves_notices=True)
        with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
            cls.owners = dict(pool.map(cls.register, range(sizes.MIX_UPS)))
        cls.notices = cls.find_notices()
        note(f"{len(cls.owners)} residents with a notice each, seed {sizes.SEED}")

    @classmethod
    def register(cls, index):
        """(name, (number, what their name has))."""
        request = cls.registration(index)
        request.details.full_name = f"混同 試験{index}号"
        answer = cls.stubs["issuance"].RegisterResident(request, timeout=60)
        return answer.name, (answer.individual_number, str(index))

    @classmethod
    def find_notices(cls):
        """Once the notice service knows of all residents."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            request = protos.notice.ListNoticesRequest(municipality_code="131016", state=1, page_size=1000)
            request.actor.CopyFrom(cls.clerk)
            found = [each.name for each in cls.stubs["notice"].ListNotices(request, timeout=60).notices]
            if len(found) == sizes.MIX_UPS:
                return found
            time.sleep(0.2)
        raise RuntimeError("not every resident has a notice")

    def render(self, notice, dice, deadlines=DEADLINE_SECONDS):
        """(notice, answer, calls that ran out): one request id, repeated until it is answered."""
        request = protos.notice.RenderNoticeRequest(request_id=callers.request_id(), name=notice,
                                                    mayor_title="架空市長", mayor_name="例示 一郎")
        request.actor.CopyFrom(self.clerk)
        return notice, *mixing.until_answered(self, self.stubs["notice"].RenderNotice, request, dice, deadlines)

    def check(self, rendered):
        """Every answer is the paper of whom it was asked for."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            papers = list(pool.map(papers_of, (answer for _, answer, _ in rendered)))
        for (notice, _, _), (number, name, says) in zip(rendered, papers):
            self.assertEqual(says, notice)
            self.assertEqual((number, name), self.owners[notice.split("/notices/")[0]], "another's paper")
        return sum(ran_out for _, _, ran_out in rendered)

    def render_all(self, notices, **how):
        with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
            return list(pool.map(lambda each: self.render(each[1], random.Random(f"{sizes.SEED} {each[0]}"), **how),
                                 enumerate(notices)))

    def test_a_wait_that_runs_out_aborts_the_whole(self):
        ran_out = self.check(self.render_all(self.notices))
        note(f"{ran_out} calls ran out on the way")
        self.assertGreater(ran_out, len(self.notices) / 4, "nothing was replayed")

    def test_a_server_that_stands_still_goes_on_with_nobody_elses(self):
        stopped = threading.Timer(0.3, lambda: self.server.process.send_signal(signal.SIGSTOP))
        goes_on = threading.Timer(0.3 + STANDSTILL_SECONDS, lambda: self.server.process.send_signal(signal.SIGCONT))
        for timer in (stopped, goes_on):
            timer.start()
            self.addCleanup(timer.join)
        self.check(self.render_all(self.notices, deadlines=(0.05, 0.4)))

    def test_two_requests_within_a_second_are_two(self):
        """Two clerks press at once, for the same resident and for neighbours."""
        twice = [notice for notice in self.notices for _ in range(2)]
        rendered = self.render_all(twice, deadlines=(30, 60))
        self.check(rendered)

    def test_a_paper_of_another_would_be_found(self):
        first, second = self.render_all(self.notices[:2], deadlines=(30, 60))
        with self.assertRaisesRegex(AssertionError, "another's paper"):
            swapped = protos.notice.RenderNoticeResponse(notice=first[1].notice, pdf=second[1].pdf)
            self.check([(first[0], swapped, 0)])


if __name__ == "__main__":
    unittest.main()
