"""A template and values → the text of a config/migration.yaml. What is filled in is YAML whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping

from runner.core.errors import InvalidFile
from runner.project.migration import Asked, asked_of
from runner.project.plan_templates.template import BODY, Template
from runner.project.plan_templates.values import checked
from runner.project.yaml_editing import scalar


def fill(template: Template, given: Mapping[str, object]) -> str:
    """The text. Raises ParametersInvalid, or an InvalidFile when the template itself is wrong."""
    return _rendered(template, checked(template.name, template.parameters, given))


def asked(template: Template, given: Mapping[str, object]) -> Asked:
    """What the filled text asks for, checked as the file would be."""
    import yaml

    text, name = fill(template, given), _name(template)
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidFile(name, f"what it gives is not YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(values, dict):
        raise InvalidFile(name, "what it gives holds no keys and values.")
    return asked_of(values, name)


def _rendered(template: Template, values: Mapping[str, object]) -> str:
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, finalize=scalar
    )
    try:
        return environment.from_string(template.body).render({"template": template.name, **values})
    except TemplateSyntaxError as error:
        raise InvalidFile(_name(template), f"{str(error.message).rstrip('.')}.", error.lineno) from None
    except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise InvalidFile(_name(template), f"it cannot be filled: {str(error).rstrip('.')}.") from None


def _name(template: Template) -> str:
    return f"{template.origin}/{BODY}" if template.origin else f"template '{template.name}'"
