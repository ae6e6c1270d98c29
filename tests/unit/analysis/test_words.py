from machinelab.analysis.words import SILENT, Phrases, meaning_of

from ..render import small


def test_the_step_speaks_before_the_lab_and_the_lab_before_the_registry() -> None:
    words = Phrases(meanings={("a", "dns.id"): "at a", ("", "dns.id"): "anywhere"})
    assert meaning_of(words, ("a",), "dns.id") == ("at a", True)
    assert meaning_of(words, ("b",), "dns.id") == ("anywhere", True)
    general, by_guide = meaning_of(SILENT, ("b",), "dns.id")
    assert general
    assert not by_guide


def test_a_field_nobody_knows_means_nothing() -> None:
    assert meaning_of(small.WORDS, (), "no.such.field") == ("", False)
