"""Check whether requests to the real sites are allowed: contact, permission, client id and budget, all together.

A replica on this machine needs none of these.
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
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"  # letters of any language; sent percent-encoded
_NAME: Final = rf"(?:{_LABEL}\.)+[^\W\d_](?:[\w-]*[^\W_])?"
_MAIL: Final = re.compile(rf"(?:mailto:)?[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}@{_NAME}")
_LINK: Final = re.compile(rf"https?://{_NAME}(?::[0-9]{{1,5}})?(?:[/?#][!-~\w]*)?")
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))
_SHORTEST: Final = 3
_LEAST_BUDGET: Final = 3


def is_contact(text: str) -> bool:
    """Return whether the text is an e-mail address or a link."""
    return len(text) <= 254 and bool(_MAIL.fullmatch(text) or _LINK.fullmatch(text))


def check_asking(run_context: RunContext, sites: Sequence[Site]) -> None:
    """Check that the settings allow requests to these sites.

    Raises:
        SettingsError: they do not; one line for each missing or invalid setting.
    """
    if problems := asking_problems(run_context, sites):
        raise SettingsError(*problems)


def asking_problems(run_context: RunContext, sites: Sequence[Site]) -> list[str]:
    """Return the reasons why these sites may not be requested: one line each, with what to do."""
    settings = run_context.settings
    needs = [need for site in sites for need in site.needs(run_context)]
    if settings.is_replica or not sites:
        return needs
    found = [*_contact(settings)]
    if any(_reads_pages(site, run_context) for site in sites) and len(settings.permission.strip()) < _SHORTEST:
        found.append(
            "LAP_PERMISSION is not set: state who permits you to read the sites' pages, or on what grounds; it is "
            "written into every release"
        )
    found += needs
    if settings.budget_requests is not None and settings.budget_requests < _LEAST_BUDGET:
        found.append(
            f"LAP_BUDGET_REQUESTS={settings.budget_requests}: expected {_LEAST_BUDGET} or more, for robots.txt, a page "
            "and a picture"
        )
    return found


def user_agent(run_context: RunContext) -> str:
    """Return the User-Agent header: the project and a contact.

    Raises:
        SettingsError: LAP_CONTACT is missing or not a contact, and requests would go to the real sites.
    """
    settings = run_context.settings
    if settings.is_replica:
        return _AGENT.format(
            contact=quote(settings.contact, safe=_ASCII) if is_contact(settings.contact) else "replica"
        )
    if problems := _contact(settings):
        raise SettingsError(*problems)
    return _AGENT.format(contact=quote(settings.contact, safe=_ASCII))  # headers are ASCII only


def _contact(settings: Settings) -> list[str]:
    advice = "give an e-mail address or a link (https://…) where the sites' owners can reach you"
    if not settings.contact:
        return [f"LAP_CONTACT is not set: {advice}"]
    return [] if is_contact(settings.contact) else [f"LAP_CONTACT={settings.contact!r}: not a contact; {advice}"]


def _reads_pages(site: Site, run_context: RunContext) -> bool:
    return not site.needs(run_context) and not site.keys(run_context)
