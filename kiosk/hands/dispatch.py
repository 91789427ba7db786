"""Gives each order to its hand. Nothing in here waits."""

from hardware.api.status import Fault
from kiosk.hands.desk import Desk
from kiosk.hands.doors import DoorsHand
from kiosk.hands.drafts import DraftsHand
from kiosk.hands.lamps import Lamps
from kiosk.hands.leftovers import Leftovers
from kiosk.hands.pages import PagesHand
from kiosk.hands.slips import SlipsHand
from kiosk.hands.telling import Tell
from kiosk.hands.watching import Watching
from kiosk.journeys import orders as o
from kiosk.journeys.events import SlipMissed


class Hands:
    """All hands of one terminal."""

    def __init__(
        self,
        desk: Desk,
        watching: Watching,
        pages: PagesHand,
        slips: SlipsHand,
        doors: DoorsHand,
        leftovers: Leftovers,
        lamps: Lamps,
        drafts: DraftsHand,
    ) -> None:
        self.desk = desk
        self.watching = watching
        self.pages = pages
        self.slips = slips
        self.doors = doors
        self.leftovers = leftovers
        self.lamps = lamps
        self.drafts = drafts

    def begin(self) -> None:
        """What hands do without an order."""
        self.drafts.begin()

    def do(self, order: o.Order, tell: Tell) -> None:
        """Carry an order out; what comes of it is told to `tell`. `Arm` is the mind's own and never comes here."""
        match order:
            case o.Watch(card, code):
                self.watching.watch(card=card, code=code, tell=tell)
            case o.Light(spot):
                self.lamps.show(spot)
            case o.CheckCode():
                self.desk.check_code(order, tell)
            case o.CheckSlip():
                self.desk.check_slip(order, tell)
            case o.FindTickets():
                self.desk.find_tickets(order, tell)
            case o.AskCases():
                self.desk.ask_cases(order, tell)
            case o.AskRecord():
                self.desk.ask_record(order, tell)
            case o.MakeProof():
                self.desk.make_proof(order, tell)
            case o.PrintPages():
                self.pages.print(order, tell)
            case o.GiveUpPages():
                self.pages.give_up()
            case o.PagesInHand():
                self.pages.in_hand()
            case o.PrintProofSlip():
                self.slips.print(order.serial, order.item.code, self.desk.proof_slip(order), tell)
            case o.MakeApplicationPage():
                self.desk.make_page(order, tell)
            case o.Submit():
                self.desk.submit(order, tell)
            case o.PrintPromisedSlip(deed):
                facts = self.desk.promised.pop(deed, None)
                if facts is None:
                    tell(SlipMissed(Fault.PRINTER_REFUSED))  # forgotten meanwhile; the sweep ends its promise
                else:
                    self.slips.print_promised(deed, facts, tell)
            case o.KeepDraft():
                self.drafts.keep(order, tell)
            case o.FindDraft():
                self.drafts.find(order, tell)
            case o.DropDraft():
                self.drafts.drop(order)
            case o.SendRating():
                self.desk.send_rating(order)
            case o.SlipInHand():
                self.slips.in_hand()
            case o.OpenDoor(ticket, by):
                self.doors.open(ticket, by, tell)
            case o.ThingInHand():
                self.doors.in_hand()
            case o.LookForLeftovers():
                self.pages.leave()
                self.doors.leave()
                self.leftovers.look(tell)
            case o.Forget():
                self.forget()
            case _:
                raise TypeError(f"no hand for {type(order).__name__}")

    def forget(self) -> None:
        """The visit is over: nothing of it is watched or kept any more."""
        self.watching.watch(card=False, code=False)
        self.leftovers.stop()
        self.pages.abandon()
        self.slips.abandon()
        self.doors.leave()
        self.desk.promised.clear()
        self.lamps.show(None)

    def end(self) -> None:
        for hand in (self.leftovers, self.pages, self.slips, self.doors, self.desk, self.drafts):
            hand.end()
