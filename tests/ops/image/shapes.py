"""Histories of migrations, each with what `ops rollback` must make of it.

The same files are pushed as images to a registry, and run with a real Django and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Files = Mapping[str, str]
"""Contents by path below the project's folder."""
Key = tuple[str, str]


def migration(
    *dependencies: Key,
    operations: Sequence[str] = (),
    replaces: Sequence[Key] = (),
    run_before: Sequence[Key] = (),
) -> str:
    """The source of a migration, as Django writes it."""
    lines = [
        "from django.conf import settings",
        "from django.db import migrations, models",
        "",
        "",
        "class Migration(migrations.Migration):",
        *([f"    replaces = {list(replaces)}"] if replaces else []),
        *([f"    run_before = {list(run_before)}"] if run_before else []),
        f"    dependencies = {list(dependencies)}",
        f"    operations = [{', '.join(operations)}]",
    ]
    return "\n".join(lines) + "\n"


def table(name: str) -> str:
    return (
        f"migrations.CreateModel('{name}', [('id', models.BigAutoField(primary_key=True)), "
        "('title', models.TextField())])"
    )


def column(name: str, model: str = "bid") -> str:
    return f"migrations.AddField('{model}', '{name}', models.IntegerField(null=True))"


def dropped(name: str) -> str:
    return f"migrations.RemoveField('bid', '{name}')"


def app(label: str, modules: Mapping[str, str], folder: str = "", configuration: str = "") -> Files:
    """An app's files; its models stand in its migrations alone."""
    folder = folder or label
    files = {
        f"{folder}/__init__.py": "",
        f"{folder}/migrations/__init__.py": "",
        **{f"{folder}/migrations/{name}.py": source for name, source in modules.items()},
    }
    return files | ({f"{folder}/apps.py": configuration} if configuration else {})


def configured(name: str, label: str) -> str:
    return (
        "from django.apps import AppConfig\n\n\n"
        f"class Config(AppConfig):\n    name = '{name}'\n    label = '{label}'\n"
    )


def bids(**modules: str) -> Files:
    return app("bids", modules)


def awards(**modules: str) -> Files:
    return app("awards", modules)


FIRST, SECOND, THIRD = ("bids", "0001_initial"), ("bids", "0002_note"), ("bids", "0003_price")
INITIAL = migration(operations=[table("Bid")])
NOTE = migration(FIRST, operations=[column("note")])
PRICE = migration(SECOND, operations=[column("price")])
TWO = bids(**{"0001_initial": INITIAL, "0002_note": NOTE})
THREE = {**TWO, **bids(**{"0003_price": PRICE})}
SQUASH = migration(operations=[table("Bid"), column("note")], replaces=[FIRST, SECOND])
SQUASHED = "0001_squashed_0002_note"


def and_third(*operations: str, **modules: str) -> Files:
    """The two, and a third with these operations."""
    return {
        **TWO,
        **bids(**{"0003_price": migration(SECOND, operations=operations)}, **modules),
    }


@dataclass(frozen=True)
class Shape:
    """What the older and the newer image have, and what the verdict is."""

    older: Files
    newer: Files
    sentence: str
    """Part of the verdict."""
    commands: tuple[str, ...] = ()
    """Arguments of `migrate`."""
    again: tuple[str, ...] = ()
    """What is reversed and applied again beside."""
    no_way_back: str = ""
    """Part of why there are no commands."""

    @property
    def is_allowed(self) -> bool:
        """Whether it goes back without a word."""
        return self.sentence == ALLOWED


ALLOWED = "the schema allows it"
PRICE_LACKS = "does not know bids.0003_price"
SHAPES: dict[str, Shape] = {
    "one more": Shape(TWO, THREE, PRICE_LACKS, ("bids 0002_note",)),
    "a branch and its merge": Shape(
        bids(**{"0001_initial": INITIAL, "0002_b": NOTE}),
        bids(
            **{
                "0001_initial": INITIAL,
                "0002_a": migration(FIRST, operations=[column("a")]),
                "0002_b": NOTE,
                "0003_merge": migration(("bids", "0002_a"), ("bids", "0002_b")),
            }
        ),
        "does not know bids.0002_a, bids.0003_merge",
        ("bids 0001_initial", "bids 0002_b"),
        again=("bids.0002_b",),
    ),
    "a branch from the first, beside two, and a second root": Shape(
        bids(**{"0001_initial": INITIAL}),
        bids(
            **{
                "0001_initial": INITIAL,
                "0001_other": migration(operations=[table("Other")]),
                "0002_merge": migration(FIRST, ("bids", "0001_other")),
            }
        ),
        "does not know bids.0001_other, bids.0002_merge",
        no_way_back="no command reverses exactly these",
    ),
    "a merge of what both have": Shape(
        bids(
            **{
                "0001_initial": INITIAL,
                "0002_a": migration(FIRST, operations=[column("a")]),
                "0002_b": NOTE,
                "0003_merge": migration(("bids", "0002_a"), ("bids", "0002_b")),
            }
        ),
        bids(
            **{
                "0001_initial": INITIAL,
                "0002_a": migration(FIRST, operations=[column("a")]),
                "0002_b": NOTE,
                "0003_merge": migration(("bids", "0002_a"), ("bids", "0002_b")),
                "0004_end": migration(("bids", "0003_merge"), operations=[column("end")]),
            }
        ),
        "does not know bids.0004_end",
        ("bids 0003_merge",),
    ),
    "names without numbers": Shape(
        bids(**{"0001_initial": INITIAL, "zz_note": NOTE}),
        bids(
            **{
                "0001_initial": INITIAL,
                "zz_note": NOTE,
                "drop_old_columns": migration(("bids", "zz_note"), operations=[dropped("note")]),
            }
        ),
        "does not know bids.drop_old_columns",
        ("bids zz_note",),
    ),
    "a squash without what it replaces": Shape(TWO, bids(**{SQUASHED: SQUASH}), ALLOWED),
    "a squash beside what it replaces": Shape(TWO, {**TWO, **bids(**{SQUASHED: SQUASH})}, ALLOWED),
    "a squash that the older image has": Shape(bids(**{SQUASHED: SQUASH}), TWO, ALLOWED),
    "one more after a squash": Shape(
        TWO,
        bids(
            **{
                SQUASHED: SQUASH,
                "0003_price": migration(("bids", SQUASHED), operations=[column("price")]),
            }
        ),
        PRICE_LACKS,
        (f"bids {SQUASHED}",),
    ),
    "one more after the squash that both have": Shape(
        bids(**{SQUASHED: SQUASH}),
        bids(
            **{
                SQUASHED: SQUASH,
                "0003_price": migration(("bids", SQUASHED), operations=[column("price")]),
            }
        ),
        PRICE_LACKS,
        (f"bids {SQUASHED}",),
    ),
    "a squash of old and new": Shape(
        TWO,
        {
            **THREE,
            **bids(
                **{
                    "0001_squashed_0003": migration(
                        operations=[table("Bid"), column("note"), column("price")],
                        replaces=[FIRST, SECOND, THIRD],
                    )
                }
            ),
        },
        "does not know bids.0001_squashed_0003, bids.0003_price",
        ("bids 0002_note",),
    ),
    "a squash of old and new, and one more after it": Shape(
        TWO,
        {
            **THREE,
            **bids(
                **{
                    "0001_squashed_0003": migration(
                        operations=[table("Bid"), column("note"), column("price")],
                        replaces=[FIRST, SECOND, THIRD],
                    ),
                    "0004_end": migration(
                        ("bids", "0001_squashed_0003"), operations=[column("end")]
                    ),
                }
            ),
        },
        "does not know bids.0001_squashed_0003, bids.0003_price, bids.0004_end",
        ("bids 0001_squashed_0003", "bids 0002_note"),
    ),
    "a squash that replaces nothing any more": Shape(
        bids(**{SQUASHED: SQUASH}),
        bids(
            **{
                SQUASHED: migration(operations=[table("Bid"), column("note")]),
                "0003_price": migration(("bids", SQUASHED), operations=[column("price")]),
            }
        ),
        PRICE_LACKS,
        (f"bids {SQUASHED}",),
    ),
    "a squash that no longer says what it replaced": Shape(
        TWO,
        bids(**{SQUASHED: migration(operations=[table("Bid"), column("note")])}),
        f"does not know bids.{SQUASHED}",
        no_way_back="it lacks bids.0001_initial of the older image: its history was rewritten",
    ),
    "an app that is gone": Shape(
        {**TWO, **awards(**{"0001_initial": migration(operations=[table("Award")])})},
        TWO,
        ALLOWED,
    ),
    "a squash of a squash": Shape(
        bids(**{SQUASHED: SQUASH, "0003_price": migration(("bids", SQUASHED))}),
        bids(
            **{
                SQUASHED: SQUASH,
                "0003_price": migration(("bids", SQUASHED)),
                "0001_again": migration(
                    operations=[table("Bid"), column("note")],
                    replaces=[("bids", SQUASHED), THIRD],
                ),
                "0004_end": migration(("bids", "0001_again"), operations=[column("end")]),
            }
        ),
        "does not know bids.0004_end",
        no_way_back="bids.0001_again replaces a migration that replaces others",
    ),
    "a new app": Shape(
        TWO,
        {**TWO, **awards(**{"0001_initial": migration(SECOND, operations=[table("Award")])})},
        "does not know awards.0001_initial",
        ("awards zero",),
    ),
    "a new app that depends on what is new": Shape(
        TWO,
        {**THREE, **awards(**{"0001_initial": migration(THIRD, operations=[table("Award")])})},
        "does not know awards.0001_initial, bids.0003_price",
        ("bids 0002_note",),
    ),
    "a new app on what a squash replaced": Shape(
        app("base", {"0001_initial": INITIAL}),
        {
            **app("base", {"0001_initial": INITIAL}),
            **bids(**{SQUASHED: SQUASH}),
            **awards(**{"0001_initial": migration(SECOND, operations=[table("Award")])}),
        },
        f"does not know awards.0001_initial, bids.{SQUASHED}",
        ("bids zero",),
    ),
    "a new app on the first of another": Shape(
        TWO,
        {
            **THREE,
            **awards(
                **{
                    "0001_initial": migration(("bids", "__first__"), operations=[table("Award")]),
                    "0002_more": migration(
                        ("awards", "0001_initial"),
                        ("bids", "__latest__"),
                        operations=[column("more", "award")],
                    ),
                }
            ),
        },
        "does not know awards.0001_initial, awards.0002_more, bids.0003_price",
        ("awards zero", "bids 0002_note"),
    ),
    "a new app before what is new": Shape(
        TWO,
        {
            **THREE,
            **awards(
                **{"0001_initial": migration(operations=[table("Award")], run_before=[THIRD])}
            ),
        },
        "does not know awards.0001_initial, bids.0003_price",
        ("awards zero",),
    ),
    "a new app before what both have": Shape(
        TWO,
        {
            **TWO,
            **awards(
                **{"0001_initial": migration(operations=[table("Award")], run_before=[SECOND])}
            ),
        },
        "does not know awards.0001_initial",
        no_way_back="no command reverses exactly these",
    ),
    "what both have of another app depends on what is new": Shape(
        {**TWO, **awards(**{"0001_initial": migration(FIRST, operations=[table("Award")])})},
        {**THREE, **awards(**{"0001_initial": migration(THIRD, operations=[table("Award")])})},
        PRICE_LACKS,
        no_way_back="no command reverses exactly these",
    ),
    "two apps": Shape(
        {**TWO, **awards(**{"0001_initial": migration(operations=[table("Award")])})},
        {
            **THREE,
            **awards(
                **{
                    "0001_initial": migration(operations=[table("Award")]),
                    "0002_more": migration(
                        ("awards", "0001_initial"), operations=[column("more", "award")]
                    ),
                }
            ),
        },
        "does not know awards.0002_more, bids.0003_price",
        ("awards 0001_initial", "bids 0002_note"),
    ),
    "an app in another folder": Shape(
        TWO,
        app(
            "bids",
            {"0001_initial": INITIAL, "0002_note": NOTE},
            folder="tenders",
            configuration=configured("tenders", "bids"),
        ),
        ALLOWED,
    ),
    "a label of its own": Shape(
        app("offers", {"0001_initial": INITIAL}, "bids", configured("bids", "offers")),
        app(
            "offers",
            {
                "0001_initial": INITIAL,
                "0002_note": migration(("offers", "0001_initial"), operations=[column("note")]),
            },
            "bids",
            configured("bids", "offers"),
        ),
        "does not know offers.0002_note",
        ("offers 0001_initial",),
    ),
    "a renamed app": Shape(
        TWO,
        app("tenders", {"0001_initial": INITIAL}),
        "does not know tenders.0001_initial",
        no_way_back="the app bids is gone and tenders is new: the one may be the other, renamed",
    ),
    "a renamed app whose migration replaces the former ones": Shape(
        TWO,
        app(
            "tenders",
            {
                "0001_initial": migration(
                    operations=[table("Bid"), column("note")], replaces=[FIRST, SECOND]
                )
            },
        ),
        ALLOWED,
    ),
    "another label": Shape(
        TWO,
        app(
            "offers",
            {"0001_initial": INITIAL, "0002_note": migration(("offers", "0001_initial"))},
            "bids",
            configured("bids", "offers"),
        ),
        "does not know offers.0001_initial, offers.0002_note",
        no_way_back="the app bids is gone and offers is new: the one may be the other, renamed",
    ),
    "a label from another file": Shape(
        {
            **app("offers", {"0001_initial": INITIAL}, "bids"),
            "bids/config.py": configured("bids", "offers"),
        },
        {
            **app("offers", {"0001_initial": INITIAL, "0002_more": migration()}, "bids"),
            "bids/config.py": configured("bids", "offers"),
        },
        "does not know offers.0002_more",
        no_way_back="no command reverses exactly these",
    ),
    "a label that is computed": Shape(
        TWO,
        {**THREE, "bids/apps.py": configured("bids", "x").replace("'x'", "'bi' + 'ds'")},
        PRICE_LACKS,
        no_way_back="the label of the app bids is not certain",
    ),
    "a rewritten history": Shape(
        THREE,
        bids(**{"0001_initial": migration(operations=[table("Bid"), column("note")])}),
        "bids.0001_initial of new does something else in old",
    ),
    "another one in its place": Shape(
        TWO,
        bids(**{"0001_initial": INITIAL, "0002_remark": NOTE}),
        "does not know bids.0002_remark",
        no_way_back="it lacks bids.0002_note of the older image: its history was rewritten",
    ),
    "a changed one": Shape(
        TWO,
        bids(
            **{"0001_initial": INITIAL, "0002_note": NOTE.replace("Integer", "BigInteger")},
        ),
        "bids.0002_note of new does something else in old",
    ),
    "one that is written in another way": Shape(
        TWO,
        bids(
            **{
                "0001_initial": INITIAL.replace("TextField()", "TextField(verbose_name='x')"),
                "0002_note": f"# A comment.\n{NOTE}",
            }
        ),
        ALLOWED,
    ),
    "a name that begins another": Shape(
        TWO,
        {**TWO, **bids(**{"0002_note_more": PRICE})},
        "does not know bids.0002_note_more",
        no_way_back="no command reverses exactly these",
    ),
    "code without a way back": Shape(
        TWO,
        and_third("migrations.RunPython(print)"),
        PRICE_LACKS,
        no_way_back="bids.0003_price has RunPython without reverse_code (line 7)",
    ),
    "code with a way back": Shape(
        TWO,
        and_third(
            "migrations.RunPython(lambda *_: None, migrations.RunPython.noop)",
            "migrations.RunSQL('SELECT 1', reverse_sql='SELECT 2')",
        ),
        PRICE_LACKS,
        ("bids 0002_note",),
    ),
    "SQL without a way back, inside": Shape(
        TWO,
        and_third(
            "migrations.SeparateDatabaseAndState("
            "database_operations=[migrations.RunSQL('SELECT 1')], state_operations=[])"
        ),
        PRICE_LACKS,
        no_way_back="bids.0003_price has RunSQL without reverse_sql (line 7)",
    ),
    "a model that moves between apps": Shape(
        TWO,
        and_third(
            "migrations.SeparateDatabaseAndState([migrations.AlterModelTable('bid', 'old')], [])"
        ),
        PRICE_LACKS,
        ("bids 0002_note",),
    ),
    "operations of its own": Shape(
        TWO,
        {
            **TWO,
            **bids(
                **{
                    "0003_price": "from bids.operations import Own\n"
                    + migration(SECOND, operations=["Own()"])
                }
            ),
            "bids/operations.py": "from django.db.migrations import RunSQL\n\n\n"
            "class Own(RunSQL):\n    def __init__(self):\n        super().__init__('SELECT 1')\n",
        },
        PRICE_LACKS,
        no_way_back="bids.0003_price has Own, which may not be reversible",
    ),
    "computed dependencies": Shape(
        TWO,
        {
            **TWO,
            **bids(
                **{
                    "0003_price": PRICE.replace(
                        f"dependencies = {[SECOND]}", f"dependencies = [{FIRST}] + [{SECOND}]"
                    )
                }
            ),
        },
        PRICE_LACKS,
        no_way_back="bids.0003_price computes its dependencies (line 6)",
    ),
    "dependencies that are added later": Shape(
        TWO,
        {
            **TWO,
            **bids(**{"0003_price": f"{PRICE}\n\nMigration.dependencies += []\n"}),
        },
        PRICE_LACKS,
        no_way_back="bids.0003_price changes its class after it is defined",
    ),
    "a base class of its own": Shape(
        TWO,
        {
            **TWO,
            **bids(
                **{
                    "0003_price": PRICE.replace("(migrations.Migration)", "(Base)").replace(
                        "class", "class Base(migrations.Migration):\n    pass\n\n\nclass"
                    )
                }
            ),
        },
        PRICE_LACKS,
        no_way_back="has a class that is not derived from migrations.Migration alone",
    ),
    "annotated attributes and a swappable model": Shape(
        TWO,
        {
            **TWO,
            **bids(
                **{
                    "0003_price": PRICE.replace("dependencies =", "dependencies: list =").replace(
                        f"{[SECOND]}",
                        f"[{SECOND}, migrations.swappable_dependency(settings.AUTH_USER_MODEL)]",
                    )
                }
            ),
        },
        PRICE_LACKS,
        ("bids 0002_note",),
    ),
}
