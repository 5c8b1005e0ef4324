"""Whether the real sites may be asked at all: contact, permission, client id and budget, checked together.

A replica on this machine may be asked by anybody.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from lap_assets import __version__
from lap_assets.core.errors import SettingsError
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.addresses import Site

_AGENT: Final = f"LAP/{__version__} (anime poster dataset; contact: {{contact}})"
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"  # with the letters of every language: sent encoded
_NAME: Final = rf"(?:{_LABEL}\.)+[^\W\d_](?:[\w-]*[^\W_])?"
_MAIL: Final = re.compile(rf"(?:mailto:)?[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}@{_NAME}")
_LINK: Final = re.compile(rf"https?://{_NAME}(?::[0-9]{{1,5}})?(?:[/?#][!-~\w]*)?")
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))
_SHORTEST: Final = 3
_LEAST_BUDGET: Final = 3


def is_contact(text: str) -> bool:
    """Whether the text is an e-mail address or a link."""
    return len(text) <= 254 and bool(_MAIL.fullmatch(text) or _LINK.fullmatch(text))


def check_asking(run_context: RunContext, sites: Sequence[Site]) -> None:
    """Checks that these sites may be asked with these settings.

    Raises:
        SettingsError: they may not; it has a line for each thing that is missing or wrong.
    """
    if problems := asking_problems(run_context, sites):
        raise SettingsError(*problems)


def asking_problems(run_context: RunContext, sites: Sequence[Site]) -> list[str]:
    """What keeps these sites from being asked: a line each, with what to do."""
    settings = run_context.settings
    needs = [need for site in sites for need in site.needs(run_context)]
    if settings.is_replica or not sites:
        return needs
    found = [*_contact(settings)]
    if any(_reads_pages(site, run_context) for site in sites) and len(settings.permission.strip()) < _SHORTEST:
        found.append(
            "LAP_PERMISSION is not set: say who permits that you read the sites' pages, or on what ground; it is "
            "written into every release"
        )
    found += needs
    if settings.budget_requests is not None and settings.budget_requests < _LEAST_BUDGET:
        found.append(
            f"LAP_BUDGET_REQUESTS={settings.budget_requests}: expected {_LEAST_BUDGET} or more: robots.txt, a page and "
            "a picture"
        )
    return found


def user_agent(run_context: RunContext) -> str:
    """The User-Agent: the project, and whom to reach.

    Raises:
        SettingsError: LAP_CONTACT is missing or not a contact, and the real sites would be asked.
    """
    settings = run_context.settings
    if settings.is_replica:
        return _AGENT.format(
            contact=quote(settings.contact, safe=_ASCII) if is_contact(settings.contact) else "replica"
        )
    if problems := _contact(settings):
        raise SettingsError(*problems)
    return _AGENT.format(contact=quote(settings.contact, safe=_ASCII))  # a header holds ASCII alone


def _contact(settings: Settings) -> list[str]:
    takes = "give an e-mail address or a link (https://…) where the sites' owners can reach you"
    if not settings.contact:
        return [f"LAP_CONTACT is not set: {takes}"]
    return [] if is_contact(settings.contact) else [f"LAP_CONTACT={settings.contact!r}: not a contact; {takes}"]


def _reads_pages(site: Site, run_context: RunContext) -> bool:
    return not site.needs(run_context) and not site.keys(run_context)
