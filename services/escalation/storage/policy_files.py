"""Policy files: YAML on disk to a checked policy."""

from pathlib import Path
from typing import Any, Final

import yaml

from services.escalation.domain.policy import Policy
from services.escalation.domain.policy_file import Known, read_policy
from services.escalation.domain.reasons import RECEIVED
from shared.base.people import ROLES
from shared.events.catalogue import CASE_FACTS
from shared.kernel.errors import Misconfigured

BUILTIN: Final = Path(__file__).parents[1] / "policies" / "builtin.yaml"
KNOWN: Final = Known(ROLES, frozenset({RECEIVED, *CASE_FACTS} - {"registered"}))


class _Loader(yaml.SafeLoader):
    """YAML as it is, but a key written twice is refused: the second would silently replace the first."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                why = f"{key.value!r} is written twice; keep one"
                raise yaml.constructor.ConstructorError(None, None, why, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_policy(path: Path | None = None) -> Policy:
    """The policy of a file, or the built-in one; raises Misconfigured with every mistake: file, field, remedy."""
    source = path or BUILTIN
    try:
        data = yaml.load(source.read_text(encoding="utf-8"), _Loader)  # a SafeLoader: builds plain data only
    except OSError as error:
        raise Misconfigured([f"{source}: cannot be read ({error.strerror}); name a policy file that exists"]) from None
    except UnicodeDecodeError:
        raise Misconfigured([f"{source}: is not UTF-8; save it as UTF-8"]) from None
    except yaml.YAMLError as error:
        raise Misconfigured([f"{source}: is not YAML: {' '.join(str(error).split())}"]) from None
    return read_policy(data, source.name, KNOWN)
