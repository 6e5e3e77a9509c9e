"""Policy and template files: what is wrong is refused at start, all at once, each with its place (NO-5, NO-9)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notify.domain.vocabulary import LANGUAGES
from services.notify.storage.cleaning import one_line, passage
from services.notify.storage.policy_files import BUILTIN, load_policy
from services.notify.storage.samples import SAMPLES
from services.notify.storage.templates import Templates
from shared.kernel.errors import Invalid, Misconfigured, NotFound

POLICY = load_policy()
TEMPLATES = Templates(None, POLICY.zone).check(POLICY)
NASTY = "Ada\r\nBcc: all@example.com\u202e <b>x</b> http://evil.example/?a=1 {{ 7*7 }}"


def problems_of(tmp_path: Path, change: Any) -> list[str]:
    data = yaml.safe_load(BUILTIN.read_text())
    change(data)
    file = tmp_path / "policy.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True))
    with pytest.raises(Misconfigured) as refused:
        load_policy(file)
    assert all(problem.startswith("policy.yaml: ") for problem in refused.value.problems)
    return [problem.removeprefix("policy.yaml: ") for problem in refused.value.problems]


def test_every_mistake_of_a_policy_is_told_at_once(tmp_path: Path) -> None:
    def spoil(data: dict[str, Any]) -> None:
        rules = data["rules"]
        rules["registered"]["when"] = {"fact": "registred"}
        rules["breached"]["who"] = ["owner", {"role": "king"}]
        rules["warned"]["when"] = {"clock": "warned", "from": 0.8, "below": 0.5}
        rules["alert"]["how"] = {"first": ["pigeon"]}
        rules["survey"]["category"] = "nothing"
        rules["replied"]["colour"] = "red"
        rules["resolved"]["when"] = {"fact": "resolved", "clock": "warned"}
        rules["step_reached"]["later"] = {"workdays": 0}
        data["categories"]["ops"]["expires_after"] = "3 working days"
        data["quiet_hours"]["staff"] = ["22:00"]
        data["bundling"]["windows"] = ["10m", "1m"]
        data["zone"] = "Asia/Nowhere"
        data["retries"] = ["soon"]

    said = "\n".join(problems_of(tmp_path, spoil))
    for place in (
        "rules.registered.when.fact[0]: 'registred' is not known",
        "rules.breached.who[1].role: 'king' is not known",
        "rules.warned.when: `from` must be less than `below`",
        "rules.alert.how.first[0]: 'pigeon' is not known",
        "rules.survey.category: 'nothing' is not known",
        "rules.replied: 'colour' is not known here",
        "rules.resolved.when: names no trigger, or several",
        "rules.step_reached.later.workdays: must be a number from 1",
        "categories.ops.expires_after: counts working time; give a span of elapsed time",
        "quiet_hours.staff: must be two different times",
        "bundling.windows: must be one or more spans",
        "zone: 'Asia/Nowhere' is no time zone",
        "retries[0]: must be a span above nothing",
    ):
        assert place in said, said


def test_what_could_expire_in_quiet_hours_is_refused(tmp_path: Path) -> None:
    def spoil(data: dict[str, Any]) -> None:
        data["categories"]["work"]["expires_after"] = "2h"

    problems = problems_of(tmp_path, spoil)
    told = "categories.work.expires_after: the rule '{}' could expire during quiet hours"
    assert len(problems) == 3
    for problem, rule in zip(problems, ("customer_wrote", "handed_over", "urged"), strict=True):
        assert problem.startswith(told.format(rule))


def own(tmp_path: Path, name: str, text: str) -> list[str]:
    file = tmp_path / "en" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    with pytest.raises(Misconfigured) as refused:
        Templates(tmp_path, POLICY.zone).check(POLICY)
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("warned.sms.jinja", "{{ percent }} {{ secret }}", "secret is not known in rules.warned"),
        ("warned.email.jinja", "no divider", "write the subject on the first line"),
        ("warned.email.jinja", "subject\n---\nline\n{% if %}", "warned.email.jinja:4: "),
        ("warned.sms.jinja", "{{ due_at|nonsense }}", "No filter named 'nonsense'"),
        ("warned.sms.jinja", "{{ percent.real.real() }}", "cannot be filled"),
        ("warned.sms.jinja", "{{ ''.__class__.__mro__ }}", "cannot be filled"),
        ("warned.sms.jinja", "{% include 'x' %}{{ percent }}", "cannot be filled"),
        ("warned.sms.jinja", "  ", "says nothing"),
    ],
)
def test_a_wrong_template_is_refused_at_start_with_its_file(tmp_path: Path, name: str, text: str, why: str) -> None:
    (problem, *_) = own(tmp_path, name, text)
    assert why in problem
    assert name in problem


def test_an_unknown_template_is_named_by_its_rule(tmp_path: Path) -> None:
    data = yaml.safe_load(BUILTIN.read_text())
    data["rules"]["warned"]["template"] = "nowhere"
    file = tmp_path / "policy.yaml"
    file.write_text(yaml.safe_dump(data))
    with pytest.raises(Misconfigured, match=r"rules\.warned: there is no template zh-CN/nowhere\.email\.jinja"):
        Templates(None, POLICY.zone).check(load_policy(file))


def test_the_operators_own_template_goes_before_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "warned.sms.jinja").write_text("ours: {{ percent }}")
    (tmp_path / "en" / "words.yaml").write_text("complaint: matter")
    templates = Templates(tmp_path, POLICY.zone).check(POLICY)
    assert templates.render("warned", "sms", "en", SAMPLES).text == "ours: 80"
    assert "matter" in templates.render("registered", "sms", "en", SAMPLES).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEMPLATES.names())
def test_nothing_from_outside_breaks_out_of_its_place(name: str, language: str) -> None:
    """Header injection, markup, links, templates in values: one line in, one line out (NO-5)."""
    values = {
        key: NASTY if isinstance(value, str) and "+08:00" not in value else value for key, value in SAMPLES.items()
    }
    for channel in ("sms", "email"):
        rendered = TEMPLATES.render(name, channel, language, values)
        assert "\n" not in rendered.subject
        assert "\r" not in rendered.subject + rendered.text
        assert "\u202e" not in rendered.subject + rendered.text
        assert "\nBcc:" not in rendered.text or "passage" in source(name, channel, language)
        assert "49" not in rendered.text
        page = TEMPLATES.html(language, rendered.subject, rendered.text)
        assert "<b>" not in page
        assert "&lt;b&gt;" in page or "<b>" not in rendered.text + rendered.subject


def source(name: str, channel: str, language: str) -> str:
    return TEMPLATES.get(name, channel, language).path.read_text()


def test_values_are_cleaned() -> None:
    assert one_line(NASTY) == "Ada Bcc: all@example.com <b>x</b> http evil.example/?a=1 {{ 7*7 }}"
    assert len(one_line("x" * 999)) == 200
    assert passage("one\r\n\r\n\r\n\r\ntwo\x00\u2028three") == "one\n\ntwo\nthree"


def test_missing_variables_and_unknown_templates_are_named() -> None:
    with pytest.raises(Invalid) as refused:
        TEMPLATES.render("breached", "sms", "en", {"case_no": "1"})
    assert set(refused.value.detail) == {"data.clock", "data.due_at", "data.region"}
    with pytest.raises(Invalid, match="cannot be filled"):
        TEMPLATES.render("breached", "sms", "en", dict(SAMPLES) | {"due_at": "soon"})
    with pytest.raises(NotFound, match="use alert"):
        TEMPLATES.get("nowhere", "sms", "en")
