"""Everything about one person as a download, and the editions of the catalogue that were published."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from central.console import words
from central.console.frame import HEADERS, Frame, Language, number, onward
from central.console.mistakes import told
from central.jobs import export
from central.jobs.edition_list import published_editions, sees
from central.jobs.edition_upload import publish_archive
from central.jobs.editions import NotPublished
from central.routes.requests import SignedIn, staff_with
from central.rules.records import is_holder_number
from central.rules.roles import EVERYWHERE, Permission

ForExport = Annotated[SignedIn, Depends(staff_with(Permission.EXPORT_PERSON))]
ForCatalogue = Annotated[SignedIn, Depends(staff_with(Permission.PUBLISH_CATALOGUE))]

EDITIONS = 10
"""On a page; each is read and compared with the one before."""
LONGEST_WHY = 200
MOST_MISTAKES = 200


class Exports:
    """The handlers; `routes` lists where they stand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/person", self.person, methods=["GET"])
        router.add_api_route("/person/export", self.export, methods=["POST"])
        router.add_api_route("/editions", self.editions, methods=["GET"])
        router.add_api_route("/editions/publish", self.publish, methods=["POST"])

    def person(self, request: Request, asked: ForExport, language: Language) -> Response:
        return self._person(request, asked, language)

    def _person(
        self, request: Request, asked: SignedIn, language: str, *, why: str = "", sorry: str = "", status: int = 200
    ) -> Response:
        """The form. What was typed as a number is never shown again."""
        facts = {"why": why, "sorry": sorry, "path": "/person", "query": ""}
        return self._frame.page(request, "person.html", language, asked.staff, asked.csrf, status=status, **facts)

    def export(self, request: Request, asked: ForExport, language: Language) -> Response:
        """The download; written down before it begins. The number is in no address, no name and no log."""
        holder, why = asked.form.get("number", "").strip(), asked.form.get("why", "").strip()[:LONGEST_WHY]
        if not why:
            return self._person(request, asked, language, sorry="why_missing", status=422)
        if not is_holder_number(holder):
            return self._person(request, asked, language, why=why, sorry="person.number", status=422)
        central, staff = asked.central, asked.staff
        found = export.gather(central, holder, by=staff.login, why=why, regions=staff.regions)
        if found.empty:
            return self._person(request, asked, language, why=why, sorry="person.none", status=404)
        pieces: Iterator[bytes] = export.zipped(central, found)
        name = f"nuanting-person-{words.show_day(found.made_at)}.zip"
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(pieces, media_type="application/zip", headers=headers)

    def editions(self, request: Request, asked: ForCatalogue, language: Language) -> Response:
        return self._editions(request, asked, language)

    def _editions(self, request: Request, asked: SignedIn, language: str, status: int = 200, **facts: Any) -> Response:
        central, staff = asked.central, asked.staff
        page = number(request.query_params.get("page", ""), 10_000)
        found = published_editions(central, EDITIONS + 1, page * EDITIONS)
        plain: dict[str, Any] = {
            "editions": [each for each in found[:EDITIONS] if sees(staff.regions, each)],
            "page": page,
            "more": len(found) > EDITIONS,
            "items": central.catalogue.items,
            "mistakes": (),
            "cut": False,
            "most_mistakes": MOST_MISTAKES,
            "chosen": "",
            "everywhere": EVERYWHERE in staff.regions,
            "offices": [each for each in central.offices.offices if staff.may_in(each.region)],
            "path": "/editions",
        }
        return self._frame.page(request, "editions.html", language, staff, asked.csrf, status=status, **plain | facts)

    def publish(self, request: Request, asked: ForCatalogue, language: Language) -> Response:
        """A catalogue as a ZIP: checked as strictly as by the command, and published when nothing is wrong."""
        data = asked.files.get("file", b"")
        central, staff, region = asked.central, asked.staff, asked.form.get("region")
        if region is None:  # all terminals is a choice that somebody makes, not what is left when none came
            return self._editions(request, asked, language, sorry="editions.region", status=422)
        if not (staff.may_in(region) if region else EVERYWHERE in staff.regions):
            return self._editions(request, asked, language, sorry="editions.region", chosen=region, status=422)
        if not data or not asked.form.get("sure"):
            return self._editions(request, asked, language, sorry="editions.file", chosen=region, status=422)
        try:
            done = publish_archive(central, data, by=staff.login, region=region)
        except NotPublished as no:
            lines = str(no).splitlines()
            facts = {"sorry": "editions.wrong", "mistakes": list(map(told, lines[:MOST_MISTAKES])), "chosen": region}
            return self._editions(request, asked, language, 422, cut=len(lines) > MOST_MISTAKES, **facts)
        central.working.follow()
        return onward("/editions", "published" if done.new else "published_same")
