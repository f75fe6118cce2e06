"""A trailer that acknowledges nothing, though it was meant to, and the sentence that says why."""

import pytest

from tests.plan.conftest import APP, History

WANTED = f"Acknowledge-Deletion: Application argocd/{APP}"
LAST = "git reads trailers in the last paragraph of a message alone"

WRITTEN: dict[str, tuple[str, str]] = {
    "first paragraph": (f"{WANTED}\n\nIt is not used any more.", LAST),
    "subject": (WANTED, LAST),
    "middle": (f"remove\n\n{WANTED}\n\nSigned-off-by: A <a@example.org>", LAST),
    "a paragraph with text": (f"remove\n\nNobody uses it.\nThe platform agrees.\n{WANTED}", LAST),
    "in a list": (f"remove\n\n* {WANTED}\n* tidy", LAST),
    "quoted": (f"remove\n\n> {WANTED}", LAST),
    "another key": (
        f"remove\n\nAcknowledged-Deletion: Application argocd/{APP}",
        "no such trailer",
    ),
    "blanks in the key": (f"remove\n\nAcknowledge Deletion: Application argocd/{APP}", "no such"),
    "no kind": (f"remove\n\nAcknowledge-Deletion: argocd/{APP}", "takes kind, namespace and name"),
    "no namespace": (f"remove\n\nAcknowledge-Deletion: Application {APP}", "takes kind"),
    "another trailer": (
        f"remove\n\nAcknowledge-Hook: Application argocd/{APP}",
        f"takes «{WANTED}»",
    ),
    "another object": ("remove\n\nAcknowledge-Deletion: Service a/b", "nothing of that name"),
}


@pytest.mark.parametrize(("message", "why"), WRITTEN.values(), ids=WRITTEN)
def test_it_is_found_and_explained(history: History, message: str, why: str) -> None:
    history.remove_app()
    commit = history.commit(message)
    planned = history.plan("HEAD~1", "HEAD", code=1)
    assert planned["unacknowledged"] == [WANTED]
    (sentence,) = planned["not_counted"]
    assert sentence.startswith(f"commit {commit[:7]} states «")
    assert why in sentence
    for form in ((), ("--markdown",)):
        shown = history.ops("plan", "HEAD~1", "HEAD", *form, folder=history.folder)
        assert "which does not count" in shown.stdout


def test_nothing_is_explained_once_it_is_acknowledged(history: History) -> None:
    history.remove_app()
    history.commit(f"{WANTED}\n\nnot there")
    history.commit(f"again\n\n{WANTED}\nSigned-off-by: A <a@example.org>")
    assert history.plan("HEAD~2", "HEAD", code=0)["not_counted"] == []


def test_prose_about_it_is_no_attempt(history: History) -> None:
    history.remove_app()
    history.commit("remove\n\nWe acknowledge that it is gone: nobody asked for it.")
    assert history.plan("HEAD~1", "HEAD", code=1)["not_counted"] == []


def test_trailer_of_a_reader_is_none_of_the_unknown_ones(history: History) -> None:
    history.remove_app()
    history.commit("remove\n\nAcknowledge-Recipient: age1someone")
    assert history.plan("HEAD~1", "HEAD", code=1)["not_counted"] == []
