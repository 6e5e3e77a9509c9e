"""Policy files: YAML on disk to a checked policy."""

from pathlib import Path
from typing import Any

import yaml

from services.notify.domain.policy import Policy
from services.notify.domain.policy_file import read_policy
from shared.base.people import ROLES
from shared.kernel.errors import Misconfigured

BUILTIN = Path(__file__).parents[1] / "policies" / "builtin.yaml"


class _Loader(yaml.SafeLoader):
    """YAML as it is, but a key written twice is refused: the second would silently replace the first."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} is written twice; keep one", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_policy(path: Path = BUILTIN) -> Policy:
    """The policy in a file; raises Misconfigured with every mistake, each with file, place and remedy."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # a SafeLoader: builds plain data only
    except OSError as error:
        raise Misconfigured([f"{path}: cannot be read ({error.strerror}); name a policy file that exists"]) from None
    except UnicodeDecodeError:
        raise Misconfigured([f"{path}: is not UTF-8; save it as UTF-8"]) from None
    except yaml.YAMLError as error:
        raise Misconfigured([f"{path}: is not YAML: {' '.join(str(error).split())}"]) from None
    return read_policy(data, path.name, ROLES)
