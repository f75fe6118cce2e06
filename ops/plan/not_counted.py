"""Why a line in a commit's message acknowledges nothing, though it was meant to."""

from collections.abc import Sequence

from ops.plan.acknowledgement import DATA_RISK, DELETION, HOOK, needed
from ops.plan.change import Change
from ops.plan.messages import Line
from ops.secrets.readers import TRAILER

KEYS = {key.lower(): key for key in (DATA_RISK, DELETION, HOOK, TRAILER)}


def explanations(
    written: Sequence[Line], changes: Sequence[Change], missing: Sequence[str]
) -> list[str]:
    """One sentence for each line that does not count; none if nothing is missing.

    `changes` are those that need to be acknowledged, `missing` the trailers that are wanted.
    """
    if not missing:
        return []
    wanted = {trailer for change in changes if (trailer := needed(change))} | set(missing)
    found = [_explanation(line, wanted, missing) for line in written]
    return list(dict.fromkeys(sentence for sentence in found if sentence))


def _explanation(line: Line, wanted: set[str], missing: Sequence[str]) -> str:
    where = f"commit {line.commit} states «{line.text}», which does not count: "
    key = KEYS.get(line.key.lower())
    if key is None:
        return f"{where}there is no such trailer; write {', '.join(KEYS.values())}"
    trailer = f"{key}: {line.value}"
    if trailer in wanted and not line.is_trailer:
        return (
            f"{where}git reads trailers in the last paragraph of a message alone, and only if it"
            " holds nothing else; move the line there"
        )
    if trailer in wanted or (key == TRAILER and line.is_trailer):
        return ""
    of_value = [text for text in missing if text.partition(": ")[2] == line.value]
    if of_value:
        return f"{where}it takes «{of_value[0]}»"
    near = [text for text in missing if text.endswith(line.value.rpartition(" ")[2])]
    if near and line.value:
        return f"{where}it takes kind, namespace and name as in «{near[0]}»"
    return f"{where}nothing of that name needs to be acknowledged"
