"""The auditor's page, the administrator's page, and the figures."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from central.console import words
from central.console.frame import HEADERS, PAGE, Frame, Language, onward
from central.desk import known_regions
from central.jobs import audit
from central.jobs import staff as jobs
from central.jobs.staff import StaffRefused
from central.routes.requests import SignedIn, staff_with
from central.rules.progress import CaseState
from central.rules.roles import EVERYWHERE, Permission, Role
from central.store import audit as kept
from central.store import cases, ratings
from central.store.staff import StaffRow
from documents.codes import matrix
from trust.passwords import new_password

ForAudit = Annotated[SignedIn, Depends(staff_with(Permission.SEE_AUDIT))]
ForStaff = Annotated[SignedIn, Depends(staff_with(Permission.MANAGE_STAFF))]
ForFigures = Annotated[SignedIn, Depends(staff_with(Permission.SEE_FIGURES))]


class Books:
    """The handlers; `routes` lists where they stand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/audit", self.audit, methods=["GET"])
        router.add_api_route("/audit/export", self.export, methods=["POST"])
        router.add_api_route("/staff", self.staff, methods=["GET"])
        router.add_api_route("/staff/add", self.add, methods=["POST"])
        router.add_api_route("/staff/reset", self.reset, methods=["POST"])
        router.add_api_route("/staff/change", self.change, methods=["POST"])
        router.add_api_route("/staff/disable", self.disable, methods=["POST"])
        router.add_api_route("/figures", self.figures, methods=["GET"])

    # ---- the audit

    def audit(self, request: Request, asked: ForAudit, language: Language) -> Response:
        told = {name: request.query_params.get(name, "").strip()[:120] for name in ("who", "what", "about", "region")}
        before = words.moment(request.query_params.get("before", ""))
        with asked.central.database.reading() as connection:
            found = kept.newest(
                connection,
                PAGE + 1,
                region=told["region"],
                who=told["who"],
                what=told["what"],
                about=told["about"],
                before=before,
            )
            regions = kept.regions(connection)
        more = found[PAGE - 1].at.isoformat() if len(found) > PAGE else ""
        return self._frame.page(
            request,
            "audit.html",
            language,
            asked.staff,
            asked.csrf,
            events=found[:PAGE],
            more=more,
            asked=told,
            regions=regions,
            paging=before is not None,
            deed=lambda what: _deed(what, language),
        )

    def export(self, request: Request, asked: ForAudit) -> Response:
        """The whole audit as lines of JSON; what `python -m central audit verify` reads."""
        central = asked.central
        with central.database.writing() as connection:
            audit.note(connection, central, asked.staff.login, "audit.exported")
        audit.sign_heads(central)

        def lines() -> Iterator[str]:
            for line in audit.export(central):
                yield line + "\n"

        name = f"audit-{words.show_day(central.now())}.jsonl"
        told = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(lines(), media_type="application/jsonl", headers=told)

    # ---- the staff

    def staff(self, request: Request, asked: ForStaff, language: Language) -> Response:
        return self._staff(request, asked, language)

    def _staff(self, request: Request, asked: SignedIn, language: str, **facts: Any) -> Response:
        people = jobs.everybody(asked.central)
        strange = _strange(asked, people)
        told: dict[str, Any] = {
            "people": people,
            "roles": tuple(Role),
            "strange": strange,
            "strangers": [row.name for row in people if strange & {*row.regions}],
            "secret": None,
            "typed": {"login": "", "name": "", "regions": ""},
            "typed_roles": (),
            "path": "/staff",
            "query": "",
        }
        return self._frame.page(request, "staff.html", language, asked.staff, asked.csrf, **told | facts)

    def _told(self, asked: SignedIn) -> tuple[str, str, list[Role], list[str]]:
        """Login, name, roles and regions as the form gives them."""
        known = {role.value for role in Role}
        roles = [Role(word) for word in asked.fields.get("role", ()) if word in known]
        regions = asked.form.get("regions", "").replace(",", " ").replace("，", " ").split() or [EVERYWHERE]
        return asked.form.get("login", "").strip().lower(), asked.form.get("name", ""), roles, regions

    def add(self, request: Request, asked: ForStaff, language: Language) -> Response:
        login, name, roles, regions = self._told(asked)
        password = new_password(login)
        try:
            uri = jobs.add_staff(asked.central, login, name, roles, regions, password, by=asked.staff.login)
        except StaffRefused as no:
            typed = {key: asked.form.get(key, "") for key in ("login", "name", "regions")}
            return self._staff(request, asked, language, typed=typed, typed_roles=roles, sorry=str(no), status=422)
        return self._staff(request, asked, language, secret=_secret(login, password, uri))

    def reset(self, request: Request, asked: ForStaff, language: Language) -> Response:
        login = asked.form.get("login", "")
        if not asked.form.get("sure"):
            return self._sure(request, asked, language, login, "reset")
        password = new_password(login)
        try:
            uri = jobs.reset_staff(asked.central, login, password, by=asked.staff.login)
        except StaffRefused as no:
            return self._staff(request, asked, language, sorry=str(no), status=422)
        return self._staff(request, asked, language, secret=_secret(login, password, uri))

    def change(self, request: Request, asked: ForStaff, language: Language) -> Response:
        login, name, roles, regions = self._told(asked)
        try:
            jobs.change_staff(asked.central, login, name, roles, regions, by=asked.staff.login)
        except StaffRefused as no:
            return self._staff(request, asked, language, sorry=str(no), status=422)
        return onward("/staff", "staff_changed")

    def disable(self, request: Request, asked: ForStaff, language: Language) -> Response:
        login, out = asked.form.get("login", ""), asked.form.get("out") == "1"
        if out and login == asked.staff.login:
            return self._staff(request, asked, language, sorry="staff.yourself", status=422)
        if out and not asked.form.get("sure"):
            return self._sure(request, asked, language, login, "out")
        try:
            jobs.set_disabled(asked.central, login, out, by=asked.staff.login)
        except StaffRefused as no:
            return self._staff(request, asked, language, sorry=str(no), status=422)
        return onward("/staff", "staff_out" if out else "staff_in")

    def _sure(self, request: Request, asked: SignedIn, language: str, login: str, deed: str) -> Response:
        """Nothing is done yet: to whom it would be, and what follows."""
        row = next((each for each in jobs.everybody(asked.central) if each.login == login), None)
        if row is None:
            return self._staff(request, asked, language, sorry="staff.unknown", status=422)
        facts: dict[str, Any] = {"row": row, "deed": deed, "path": "/staff", "query": ""}
        return self._frame.page(request, "staff_sure.html", language, asked.staff, asked.csrf, **facts)

    # ---- the figures

    def figures(self, request: Request, asked: ForFigures, language: Language) -> Response:
        with asked.central.database.reading() as connection:
            counts = ratings.rating_counts(connection)
            sizes = cases.queue_sizes(connection, tuple(CaseState))
        queues: dict[str, dict[str, int]] = {}
        for (queue, state), many in sorted(sizes.items()):
            if asked.staff.may_in(queue) or EVERYWHERE in asked.staff.regions:
                queues.setdefault(queue, {})[state] = many
        return self._frame.page(
            request,
            "figures.html",
            language,
            asked.staff,
            asked.csrf,
            ratings=counts,
            queues=queues,
            states=[state for state in CaseState if any(state in each for each in queues.values())],
        )


def _strange(asked: SignedIn, people: Iterable[StaffRow]) -> frozenset[str]:
    """The regions of these people that have neither an office nor a terminal: mistyped, or not there yet."""
    with asked.central.database.reading() as connection:
        known = known_regions(asked.central, connection)
    return frozenset(region for row in people for region in row.regions) - known.keys() - {EVERYWHERE}


def _deed(what: str, language: str) -> str:
    """What an event of the audit is called; moves of cases are called as in the cases' own history."""
    told = words.say_word("audit", what, language)
    return words.say_word("event", what.removeprefix("case."), language) if told == what else told


def _secret(login: str, password: str, uri: str) -> dict[str, Any]:
    """What is shown once: the password, and the authenticator's code as the path of a drawing."""
    rows = matrix(uri).rows
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"login": login, "password": password, "path": path, "size": len(rows)}
