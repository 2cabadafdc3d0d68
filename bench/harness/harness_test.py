"""python3 -m unittest discover -s bench -p '*_test.py' -t bench"""

import unittest
import xml.etree.ElementTree as ElementTree

from harness import bars, context, report, svg


def results(ours_cpu, nginx_cpu):
    row = {"requests_per_second": 100.0, "refused": 0, "broken": 0}
    return {
        "throughput": {
            "nginx": {**row, "cpu_us_per_request": nginx_cpu},
            "Signalbox": {**row, "cpu_us_per_request": ours_cpu},
        }
    }


class BarsTest(unittest.TestCase):
    def verdict(self, found, start):
        return next(verdict for verdict in bars.judge(found, False) if verdict.bar.startswith(start))

    def test_cpu_just_under_the_bar_is_met(self):
        self.assertIs(self.verdict(results(10.4, 10.0), "CPU per request").met, True)

    def test_cpu_over_the_bar_is_not_met(self):
        self.assertIs(self.verdict(results(10.6, 10.0), "CPU per request").met, False)

    def test_a_missing_peer_is_not_known_instead_of_met(self):
        verdict = self.verdict(results(10.0, 10.0), "requests/s ≥ 50 × Portkey")
        self.assertEqual((verdict.met, verdict.measured), (None, "not measured"))

    def test_rest_is_not_judged_when_quick_left_it_out(self):
        found = {"bodies": {"Signalbox": {"peak_bytes": 1, "refused": 0, "broken": 0}}}
        verdict = next(v for v in bars.judge(found, True) if v.bar.startswith("60 s"))
        self.assertIsNone(verdict.met)


class RoundsTest(unittest.TestCase):
    def test_order_turns_round_every_round_and_the_median_is_kept(self):
        order = []

        def measure(target):
            order.append(target.label)
            return {"value": len(order)}

        targets = [type("T", (), {"label": label}) for label in "AB"]
        run = context.Context(tools=None, targets=targets, quick=True)
        found = run.interleave("x", targets, 3, measure)
        self.assertEqual("".join(order), "ABBAAB")
        self.assertEqual(found["A"]["value"], 4)


class OutputTest(unittest.TestCase):
    def setUp(self):
        self.document = {
            "date": "2026-01-01", "machine": "a <machine>", "quick": False, "seconds": 1.0,
            "results": results(9.0, 10.0), "notes": ["Portkey: skipped, there is no npm"],
        }  # fmt: skip

    def test_table_has_the_ratio_and_the_notes(self):
        text = report.text(self.document, False, [])
        self.assertIn("0.900", text)
        self.assertIn("! Portkey: skipped", text)

    def test_chart_is_well_formed_and_names_the_machine(self):
        root = ElementTree.fromstring(svg.chart(self.document))
        words = " ".join(element.text or "" for element in root.iter())
        self.assertIn("a <machine>", words)
        self.assertIn("Signalbox", words)

    def test_busy_neighbours_are_said(self):
        rounds = [{"scenario": "latency", "target": "nginx", "foreign_share": 0.3}]
        self.assertIn("other processes took 30%", report.warnings(rounds)[0])


if __name__ == "__main__":
    unittest.main()
