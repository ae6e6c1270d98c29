import pytest

from machinelab.errors import LabError, UsageError
from machinelab.export.site.folder import LIST, SiteFolder


def built(path, **pages):
    folder = SiteFolder(path)
    for name, content in pages.items():
        folder.write(f"guides/{name}.html", content)
    folder.finish()
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}


def test_a_second_build_takes_away_what_it_no_longer_writes(tmp_path):
    assert built(tmp_path, dns="a", tls="b") == {LIST, "guides/dns.html", "guides/tls.html"}
    assert built(tmp_path, dns="a2") == {LIST, "guides/dns.html"}
    assert (tmp_path / "guides" / "dns.html").read_text() == "a2"


def test_a_folder_with_others_files_is_left_as_it_is(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"thesis\.txt") as caught:
        SiteFolder(tmp_path)
    assert caught.value.hint.startswith("Name an empty or a new folder")
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_put_beside_ours_stops_the_next_build_before_it_writes(tmp_path):
    built(tmp_path, dns="a")
    (tmp_path / "guides" / "notes.html").write_text("mine")
    with pytest.raises(UsageError, match=r"guides/notes\.html"):
        SiteFolder(tmp_path)
    assert (tmp_path / "guides" / "dns.html").read_text() == "a"


def test_a_link_is_nobody_to_write_through(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    site = tmp_path / "site"
    built(site, dns="a")
    (site / "guides" / "dns.html").unlink()
    (site / "guides" / "dns.html").symlink_to(other / "victim")
    with pytest.raises(UsageError, match=r"guides/dns\.html"):
        SiteFolder(site)


def test_what_is_hidden_stays(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref")
    (tmp_path / ".nojekyll").touch()
    assert built(tmp_path, dns="a") == {LIST, ".git/HEAD", ".nojekyll", "guides/dns.html"}


def test_a_list_that_names_files_elsewhere_takes_none_of_them_away(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    site = tmp_path / "site"
    site.mkdir()
    (site / LIST).write_text(f"../victim\n{victim}\n")
    built(site, dns="a")
    assert victim.read_text() == "mine"


def test_a_build_that_was_broken_off_can_be_done_again(tmp_path):
    SiteFolder(tmp_path).write("guides/dns.html", "half")
    assert built(tmp_path, tls="b") == {LIST, "guides/tls.html"}


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(UsageError, match="is a file"):
        SiteFolder(tmp_path / "out")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(LabError, match="cannot be written"):
        SiteFolder(tmp_path / "out" / "site")
