"""What a portal's script is told when it is built: names, words and habits, the same until the portal changes."""

from collections.abc import Sequence

from demo.flow.office import Office
from demo.flow.screens import Screen
from demo.spa.entrance import SSO
from demo.spa.forms import PAY
from demo.stage import Stage
from demo.texts import NOTES, SLOGAN


def environment(office: Office, screens: Sequence[Screen]) -> dict[str, object]:
    """A script's constants as JSON. Nothing in here may differ between two requests, or the script's name would."""
    stage, style = office.stage, office.stage.style
    return {
        "title": style.portal_title,
        "crest": stage.crest,
        "owner": stage.body_title,
        "mail": f"dichvucong@{stage.mail_domain}",
        "links": {name: getattr(stage.links, name) for name in stage.links.__slots__},
        "notices": [{"title": one.title, "text": one.text, "tone": one.tone} for one in stage.notices],
        "notes": {name: {"heading": note.heading, "paragraphs": note.paragraphs} for name, note in NOTES.items()},
        "cookies": "cookies" in style.banners,
        "feedbackForm": stage.asks_feedback,
        "slogan": "" if stage.unfriendly else SLOGAN,
        "newsletter": stage.unfriendly,
        "footerHeading": stage.footer_heading,
        "partner": stage.outside_url if stage.outside else "",
        "partnerBanner": stage.outside == "loaded",
        "search": _search(stage),
        "catalogue": style.catalogue_link,
        "siteSearch": style.site_search,
        "headerLookup": style.header_lookup,
        "listing": style.listing,
        "sheet": style.sheet,
        "prefix": style.prefix,
        "order": style.order,
        "next": style.next_page,
        "hits": style.hits,
        "nothing": style.nothing,
        "apply": style.apply,
        "late": style.late_ms,
        "words": {what: {"id": named.id, "text": named.text} for what, named in office.words.named.items()},
        "steps": [{"title": one.title, "id": one.onward.id, "onward": one.onward.text} for one in screens],
        "signing": stage.signing_title if stage.offers_signing else None,
        "store": stage.store_title if stage.offers_store else None,
        "signOn": SSO,
        "pay": PAY,
    }


def _search(stage: Stage) -> dict[str, object]:
    style = stage.style
    names, words = style.names, style.words
    return {
        "form": names.form,
        "box": names.box,
        "button": names.button,
        "name": names.parameter,
        "type": style.box_type,
        "label": words.search_label,
        "hint": words.search_hint,
        "text": words.search_button,
        "hiddenLabel": style.hidden_label,
        "panel": style.shifted,
        "advanced": style.advanced,
    }
