from dataclasses import replace

from machinelab.model import Field
from machinelab.worksheet import prose_values

from ..align.made import Made
from .made import COLD, run_of


def test_a_reference_becomes_the_value_as_the_wire_has_it():
    run = run_of(2)
    assert prose_values.resolve(
        "Id `@up.dns.id`, then `@up.dns.id[2]`, and `@cold/answer.dns.flags.rcode`.", run
    ) == ("Id `0x0102`, then `0x0104`, and `NOERROR`.")


def test_what_is_not_in_the_run_is_said_not_to_be():
    run = run_of(1)
    for text in ("`@up.dns.id[2]`", "`@up.dns.a`", "`@gone.dns.id`", "`@warm/up.dns.id`", "`@what?`"):
        assert prose_values.resolve(text, run) == "`(not in this run)`"


def test_nothing_from_the_wire_ends_the_code_span_or_moves_the_cursor():
    run = run_of(1)
    event = run.trace.events[0]
    hostile = replace(event, content=Made({"dns.qry.name": [Field("dns.qry.name", "a`b\x1b[2J`")]}))
    claim = run.alignment.claims[0]
    items = (claim.items[0]._replace(event=hostile),)
    altered = replace(
        run, alignment=replace(run.alignment, claims=(replace(claim, items=items), *run.alignment.claims[1:]))
    )
    assert prose_values.resolve("`@ask.dns.qry.name`", altered) == "`` a`b\\x1b[2J` ``"


def test_other_code_is_left_alone():
    assert prose_values.resolve("`dns.id` and user@example", run_of(1)) == "`dns.id` and user@example"


def test_references_that_lead_nowhere_are_told():
    steps = {step.id for step in COLD.steps}
    assert list(prose_values.problems("`@up.dns.id`", steps)) == []
    said = list(prose_values.problems("`@ul.dns.id` `@up.dns.ix` `@up`", steps))
    assert [text.split("` ")[1][:12] for text in said] == ["names a step", "names a fiel", "is not writt"]
