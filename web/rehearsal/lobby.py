"""The lobby: say in your own words what you would like to practise. Nothing typed here is kept."""

from __future__ import annotations

from web.database.tables import BrowserSession
from web.dialogue.client import DialogueAway, DialogueRefused
from web.dialogue.messages import Message
from web.rehearsal.door import MODEL_KIND
from web.rehearsal.help_words import draw_help
from web.rehearsal.house import House
from web.rehearsal.scene_cards import draw_scene
from web.rehearsal.shapes import LineShape, LobbyShape, OfferShape
from web.rehearsal.typed_text import read_typed


def take_wish(house: House, browser_session_id: str, message_id: str, text: str) -> LobbyShape:
    """Answer something typed in the lobby. Where the talk stands is kept with the browser session, the words are not."""
    finding = house.door.look_at(text)
    if finding is not None and finding.tier == 1:
        return _show_help(house, finding.kind)
    words = read_typed(text)
    with house.database.reading() as session:
        row = session.get(BrowserSession, browser_session_id)
        state = None if row is None else row.lobby_state
    try:
        answer = house.dialogue.send(Message(message_id=message_id, kind="speech", text=words, state=state))
    except (DialogueAway, DialogueRefused):
        return LobbyShape(status="away", lines=(), offers=(), help=None, doubt=finding is not None)
    if answer.crisis:
        return _show_help(house, MODEL_KIND)
    if answer.state != state:
        with house.database.writing() as session:
            row = session.get(BrowserSession, browser_session_id)
            if row is not None:
                row.lobby_state = answer.state if answer.phase == "lobby" else None
    offers = []
    for offer in answer.offers:
        card = house.catalogue.find(offer.scene)
        if card is not None:
            offers.append(OfferShape(scene=draw_scene(house, card), why=offer.why))
    lines = tuple(LineShape(who=line.who, kind=line.kind, text=line.text) for line in answer.lines)
    return LobbyShape(status="answered", lines=lines, offers=tuple(offers), help=None, doubt=finding is not None)


def _show_help(house: House, kind: str) -> LobbyShape:
    return LobbyShape(status="help", lines=(), offers=(), help=draw_help(house.help_book, kind), doubt=False)
