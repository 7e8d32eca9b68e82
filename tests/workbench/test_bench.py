"""The benchmark's own parts: what many times come to, what is met and missed, what is kept and drawn, what counts as lost."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from sayable.bench.capacity_table import tell_grown, write_capacity
from sayable.bench.figures import draw_figures
from sayable.bench.goals import list_goals, reckon_capacity, tell_goals
from sayable.bench.grown import make_database, measure_people
from sayable.bench.load import run_round
from sayable.bench.long_scene import MARK, stretch
from sayable.bench.processes import DidNotStart
from sayable.bench.record import Record
from sayable.bench.replies import REPLIES, reply_number
from sayable.bench.spread import rank, ratio, spread
from sayable.bench.stock_bot import LostReply, StockPerson
from sayable.bench.tables import replace_tables, write_tables
from sayable.bench.turns import gather, summarise
from sayable.bench.wire import Wire
from sayable.up.settings import ROOT


def test_percentiles_are_values_that_were_measured():
    """p95 and p99 are the nearest-rank values: of 1 to 100 the 95th and the 99th, of a single value that value."""
    found = spread([float(number) for number in range(100, 0, -1)])
    assert (found["count"], found["median"], found["p95"], found["p99"]) == (100, 50.5, 95.0, 99.0)
    assert spread([7.0])["p99"] == 7.0
    assert rank(10, 0.95) == 9
    assert ratio(2, 3) == 0.667


def test_nothing_measured_is_a_fault():
    """No figure is made up out of no measurement."""
    with pytest.raises(ValueError, match="nothing was measured"):
        spread([])


def make_turns(ours: float, theirs: float):
    return summarise({n: [ours] for n in range(1, 205)}, {n: [theirs * n] for n in range(1, 205)}, talks=1, turns=204, missing=0)


def make_load(ours: float, theirs: float):
    both = {"sayable": {"per_second": ours, "p99": 90.0, "lost": 0}, "stock": {"per_second": theirs, "p99": 100.0, "lost": 0}}
    both["ratio"] = {"throughput": ratio(ours, theirs), "p99": 0.9}
    return {"by_people": {"1": both, "50": both}}


def test_goals_say_met_and_missed_from_the_figures_alone():
    """The same goals are met by one set of figures and missed by another, each against its own limit."""
    good = {"turns": {"small": make_turns(40, 10)}, "load": {"small": make_load(30, 20)}}
    bad = {"turns": {"small": make_turns(60, 10)}, "load": {"small": make_load(29, 20)}}
    assert all(goal["met"] for goal in list_goals(good))
    missed = {goal["what"] for goal in list_goals(bad) if not goal["met"]}
    assert missed == {
        "a whole turn at turn 5, times the stock echo",
        "throughput with 50 people at once, times the stock bot's",
    }
    assert [line.split()[0] for line in tell_goals(list_goals(bad))].count("MISSED") == 2


def test_a_page_that_asks_more_of_a_large_database_is_a_missed_goal():
    """A page that sends a query for each row to the large database fails the goal; one that is slow on it alone fails two others."""
    page = {"big": {"median": 5.0}, "empty": {"median": 5.0}, "ratio": 1.0, "statements": {"big": 30, "empty": 5}}
    assert [goal["met"] for goal in list_goals({"pages": {"pages": {"a.page": page}, "size": {}}})] == [True, False, True]
    page |= {"ratio": 2.5, "statements": {"big": 5, "empty": 5}}
    assert [goal["met"] for goal in list_goals({"pages": {"pages": {"a.page": page}, "size": {}}})] == [False, True, False]


def test_a_turn_stands_for_its_neighbours():
    """Turn 5 gathers turns 3 to 7, and at the end of a talk as many as there are."""
    times = {number: [float(number)] for number in range(1, 11)}
    assert gather(times, 5) == [3, 4, 5, 6, 7]
    assert gather(times, 10) == [8, 9, 10]


def test_capacity_is_reckoned_from_the_highest_throughput():
    """People are replies a second times the seconds between two replies of one person; half of that is the advice."""
    found = reckon_capacity(make_load(30, 20), seconds_between_replies=20)
    assert (found["people_at_full_load"], found["people_at_half_load"]) == (600, 300)


def test_each_measurement_keeps_the_others(tmp_path):
    """A second measurement, and one with another recipe of the stock bot, leave the first in the file, each with its command."""
    path = tmp_path / "bench.json"
    Record(path).take("load", {"a": 1}, "sayable bench load", "small")
    Record(path).take("load", {"a": 2}, "sayable bench load --recipe default", "default")
    Record(path).take("pages", {"b": 3}, "sayable bench pages")
    kept = json.loads(path.read_text())
    assert kept["load"] == {"small": {"a": 1}, "default": {"a": 2}}
    assert kept["pages"] == {"b": 3}
    assert kept["measured"]["load default"]["command"] == "sayable bench load --recipe default"


def test_plots_are_drawn_from_the_figures(tmp_path):
    """Each measurement with figures gives one PNG, and one without gives none."""
    page = {"big": {"median": 5.0}, "empty": {"median": 5.0}, "ratio": 1.0, "statements": {"big": 5, "empty": 5}}
    found = {
        "turns": {"small": make_turns(40, 10), "default": make_turns(40, 20)},
        "load": {"small": make_load(30, 20)},
        "parts": {"sayable": {"web": 9, "rasa": 6, "actions": 15}, "stock": {"web": 0, "rasa": 40, "actions": 3}},
        "pages": {"pages": {"a.page": page}, "size": {"clients": 2, "attempts": 4, "turns": 60}},
    }
    drawn = draw_figures(found, tmp_path)
    assert [path.name for path in drawn] == ["bench-turns.png", "bench-load.png", "bench-parts.png", "bench-pages.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)
    assert draw_figures({"load": found["load"]}, tmp_path / "other") == [tmp_path / "other" / "bench-load.png"]


def test_both_hear_the_same_and_nothing_twice():
    """Reply number n is one text wherever it is asked for, and in 200 turns none comes twice."""
    said = [reply_number(number) for number in range(1, 201)]
    assert len(set(said)) == 200
    assert all(text.startswith(REPLIES) for text in said)


def test_the_long_scene_is_the_scene_with_more_lines():
    """Stretching adds numbered variants of every line, which are numbered anew and mean the same, and forbids an early end."""
    from data.scenarios import load_scene

    scene = load_scene("S17")
    long_scene = stretch(scene)
    known = {line.text for lines in scene.book.values() for line in lines}
    texts = [line.text for lines in long_scene.book.values() for line in lines]
    assert len(texts) > 2 * len(known)
    assert {MARK.sub("", text) for text in texts} == known
    assert (long_scene.id, long_scene.min_turns, scene.id) == ("LONG", 10_000, "S17")


class Parrot(BaseHTTPRequestHandler):
    """Echoes as the stock bot does, but stays silent to whoever says "hush"."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
        answer = json.dumps([] if message == "hush" else [{"text": message}]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def parrot():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Parrot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(port=server.server_address[1])
    server.shutdown()
    server.server_close()


def test_only_the_echo_counts_as_an_answer(parrot):
    """200 with nothing in it, which is how the stock channel tells a failure, is a lost reply."""
    person = StockPerson(parrot, "one")
    person.enter()
    assert person.say("Good morning.") > 0
    with pytest.raises(LostReply):
        person.say("hush")
    person.leave()


def test_everybody_types_and_what_is_lost_is_counted(parrot, monkeypatch):
    """A round of five people gives five times as many times as one says replies; a reply without its answer is in the losses instead."""
    monkeypatch.setattr("sayable.bench.load.SETTLE_SECONDS", 0)
    monkeypatch.setattr("sayable.bench.load.reply_number", lambda number: "hush" if number == 3 else f"reply {number}")
    people = [StockPerson(parrot, str(number)) for number in range(5)]
    found = run_round(people, 4, [])
    for person in people:
        person.leave()
    assert len(found["times"]) == 15
    assert found["lost"] == 5


def test_a_wire_keeps_its_connection(parrot):
    """Several posts go over one connection, and an answer that is no JSON is None, not a crash."""
    wire = Wire("127.0.0.1", parrot.port)
    for _ in range(3):
        status, answer, took = wire.post("/", {"message": "again"})
        assert (status, answer) == (200, [{"text": "again"}]) and took > 0
    wire.close()


def test_the_document_shows_what_was_measured():
    """The tables of docs/SPEED.md are those of docs/figures/bench.json, to the letter."""
    document = (ROOT / "docs" / "SPEED.md").read_text(encoding="utf-8")
    found = json.loads((ROOT / "docs" / "figures" / "bench.json").read_text(encoding="utf-8"))
    assert replace_tables(document, write_tables(found)) == document


def test_the_operators_page_shows_what_was_measured():
    """The capacity section of docs/OPERATING.md is that of docs/figures/bench.json, to the letter: measured and reckoned apart."""
    document = (ROOT / "docs" / "OPERATING.md").read_text(encoding="utf-8")
    found = json.loads((ROOT / "docs" / "figures" / "bench.json").read_text(encoding="utf-8"))
    assert replace_tables(document, write_capacity(found)) == document
    assert "**Measured**" in document and "**Reckoned, not measured**" in document


def test_rounds_of_one_and_two_take_turns_and_come_together(monkeypatch):
    """Who begins changes with each round, and the figures of all rounds of a way stand together, lost replies too."""
    order: list[str] = []

    class Person:
        def __init__(self, door):
            self.door = door

        def count_missing(self):
            return int(self.door.name == "two")

        def leave(self):
            order.append(self.door.name)

    def play(persons, replies, pids):
        times = [10.0 if persons[0].door.name == "one" else 5.0] * replies
        return {"times": times, "lost": 0, "faults": [], "seconds": sum(times) / 1000, "server_seconds": 0.1, "generator_seconds": 0.1}

    monkeypatch.setattr("sayable.bench.grown.OurPerson", Person)
    monkeypatch.setattr("sayable.bench.grown.run_round", play)
    doors = {name: SimpleNamespace(name=name, house=SimpleNamespace(pids=list)) for name in ("one", "two")}
    both = measure_people(doors, 1, 4, 2)
    assert order == ["one", "two", "two", "one"]
    assert (both["one"]["per_second"], both["two"]["per_second"], both["ratio"]["throughput"]) == (100.0, 200.0, 2.0)
    assert (both["one"]["lost"], both["two"]["lost"]) == (0, 2)
    told = tell_grown({"by_people": {"1": both}, "rounds": 2, "replies_each": 4})
    assert "| 1 | 100.0 (100.0–100.0) | 200.0 (200.0–200.0) | 2.00 |" in told and "| 0 / 2 |" in told


def test_a_database_that_cannot_be_made_is_told_without_the_login():
    """Where no PostgreSQL answers, the fault names the server and not the login or its password."""
    with (
        pytest.raises(DidNotStart, match=r"127\.0\.0\.1:1 makes no database") as fault,
        make_database("postgresql+psycopg://u:secret@127.0.0.1:1/x"),
    ):
        pass
    assert "secret" not in str(fault.value)


def test_a_missed_goal_stands_in_the_table_as_missed():
    """What is over its limit is said to be missed, with its figure, beside what is met."""
    table = write_tables({"turns": {"small": make_turns(60, 10)}})
    assert "| a whole turn at turn 5, times the stock echo | smallest recipe | at most 1 | 1.2 | **missed** |" in table
    assert "| turn 200, times turn 5 | smallest recipe | at most 1.1 | 1 | met |" in table
