"""The bench panel: a window for the citizen's hands and for bad luck. It acts on twins and central only."""

import datetime as dt
import secrets
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from central.desk import NotPossible
from demo import found
from demo.staff import MADE_UP, MadeUpStaff, let_in
from demo.terminal import Terminal
from demo.world import DOORS, World
from hardware.twins.cabinet import HandError
from hardware.twins.made_up_people import BY_KEY, CITIZEN, PEOPLE
from hardware.twins.wire import Twin

BEAT_MS = 400
LAMPS = {1: "卡 card", 2: "码 code", 3: "文件 A4", 4: "凭条 slip", 5: "柜 locker"}
PLACES = (
    ("reader", "读卡器 card reader"),
    ("scanner", "扫码器 code scanner"),
    ("pages", "A4 打印机 A4 printer"),
    ("slip", "凭条机 slip printer"),
    ("locker", "取件柜 locker"),
    ("lights", "指示灯 lights"),
)
SHOWN_BYTES = 18
SLIP_SIZE = QSize(230, 330)


class Panel(QWidget):
    """One window, one World, one terminal program."""

    def __init__(self, world: World, terminal: Terminal) -> None:
        super().__init__()
        self._world = world
        self._terminal = terminal
        self._slips_seen = -1
        self._last_code = ""
        self._staff: dict[str, MadeUpStaff] = {}
        self._wires: dict[str, QLabel] = {}
        self._doors: dict[int, QPushButton] = {}
        self._lamps: dict[int, QLabel] = {}
        self.setWindowTitle("暖亭 · 台架 — Nuanting bench panel")
        self._said = QLabel("设备都是模拟的，人都是虚构的。 Devices are emulated; the people are made up.")
        self._said.setWordWrap(True)
        left, right = QVBoxLayout(), QVBoxLayout()
        for box in (self._cards(), self._codes(), self._paper(), self._trouble()):
            left.addWidget(box)
        left.addStretch()
        for box in (self._state(), self._staff_desk(), self._locker(), self._slips()):
            right.addWidget(box)
        right.addStretch()
        sides = QHBoxLayout()
        sides.addLayout(left)
        sides.addLayout(right)
        inside = QWidget()
        inside.setLayout(sides)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.addWidget(scroll)
        whole.addWidget(self._said)
        self._beat = QTimer(self)
        self._beat.timeout.connect(self.refresh)
        self._beat.start(BEAT_MS)
        self.refresh()

    # ---- its parts

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: self._do(text, act))
        return button

    def _do(self, text: str, act: Callable[[], object]) -> None:
        """Do it, and say what the world thinks of it."""
        try:
            act()
        except (HandError, NotPossible) as cannot:
            self._said.setText(f"{text}: {cannot}")
        else:
            self._said.setText(text)
        self.refresh()

    def _cards(self) -> QGroupBox:
        choice = QComboBox()
        for person in PEOPLE:
            choice.addItem(f"{person.label_zh} — {person.label_en}", person.key)
        choice.setMinimumContentsLength(30)
        row = QHBoxLayout()
        row.addWidget(
            self._button("放卡 Lay card", lambda: self._world.reader.lay(BY_KEY[str(choice.currentData())].card))
        )
        row.addWidget(self._button("拿走卡 Lift card", self._world.reader.lift))
        self._card_state = QLabel()
        return _box("身份证 Identity card", choice, row, self._card_state)

    def _codes(self) -> QGroupBox:
        world = self._world

        def good() -> None:
            self._last_code = world.code_of(CITIZEN)
            world.scanner.show(self._last_code.encode())

        shown: tuple[tuple[str, Callable[[], object]], ...] = (
            ("有效 Good", good),
            ("再出示一次 Replayed", lambda: world.scanner.show(self._last_code.encode() or b"-")),
            ("过期 Expired", lambda: world.scanner.show(world.code_of(CITIZEN, age=dt.timedelta(hours=2)).encode())),
            ("别的系统 Foreign", lambda: world.scanner.show(b"https://example.org/pay?id=1")),
            ("GBK 编码 In GBK", lambda: world.scanner.show("随申码测试".encode("gb18030"))),
            ("3 kB", lambda: world.scanner.show(secrets.token_hex(1500).encode())),
        )
        return _box("二维码 Codes", _grid([self._button(text, act) for text, act in shown], 3))

    def _paper(self) -> QGroupBox:
        world = self._world
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("取走 A4 Take A4", world.pages.take_paper),
            ("取走凭条 Take slip", world.slip.take_slip),
            ("A4 纸少 A4 low", lambda: world.pages.load_paper(5)),
            ("A4 没纸 A4 out", lambda: world.pages.load_paper(0)),
            ("A4 加纸 A4 refill", world.pages.load_paper),
            ("A4 卡纸 A4 jam", world.pages.jam),
            ("A4 清卡纸 A4 unjam", lambda: world.pages.jam(False)),
            ("凭条纸少 Slip low", lambda: world.slip.paper_ends_after(3000)),
            ("凭条没纸 Slip out", lambda: world.slip.paper_ends_after(0)),
            ("凭条加纸 Slip refill", world.slip.load_paper),
            ("凭条开盖 Slip cover open", world.slip.open_cover),
            ("凭条合盖 Slip cover shut", world.slip.close_cover),
        )
        return _box("纸 Paper", _grid([self._button(text, act) for text, act in acts], 3))

    def _trouble(self) -> QGroupBox:
        world, terminal = self._world, self._terminal
        grid = QGridLayout()
        for row, (place, text) in enumerate(PLACES):
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(self._button("拔 Unplug", partial(world.unplug, place)), row, 1)
            grid.addWidget(self._button("插 Replug", partial(world.replug, place)), row, 2)
        row = len(PLACES)
        grid.addWidget(QLabel("网络 network"), row, 0)
        grid.addWidget(self._button("断网 Cut", world.gate.cut), row, 1)
        grid.addWidget(self._button("恢复 Mend", world.gate.mend), row, 2)
        grid.addWidget(QLabel("终端程序 program"), row + 1, 0)
        grid.addWidget(self._button("断电 Kill", terminal.kill), row + 1, 1)
        grid.addWidget(self._button("开机 Start", self._start), row + 1, 2)
        return _box("电缆、网络、电源 Cables, network, power", grid)

    def _start(self) -> None:
        if not self._terminal.running:
            self._terminal.start(wait=False)

    def _staff_desk(self) -> QGroupBox:
        self._who = QComboBox()
        for login, what, _ in MADE_UP:
            self._who.addItem(f"{what} ({login})", login)
        self._sign_in = QLabel(f"浏览器打开 Open in a browser: {self._world.served.url}/")
        self._sign_in.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.addWidget(self._who, 1)
        row.addWidget(self._button("登录要填的 To sign in", self._tell_sign_in))
        return _box("工作台 Staff desk", row, self._sign_in)

    def _tell_sign_in(self) -> None:
        if not self._staff:
            self._staff = {one.login: one for one in let_in(self._world.central)}
        one = self._staff[str(self._who.currentData())]
        self._sign_in.setText(
            f"{self._world.served.url}/\n用户名 login: {one.login}\n密码 password: {one.password}\n"
            f"动态码 code: {one.code()}（半分钟内有效，只能用一次 once, within half a minute）"
        )

    def _locker(self) -> QGroupBox:
        world = self._world
        for number in range(1, DOORS + 1):
            button = QPushButton()
            button.setCheckable(True)
            button.clicked.connect(lambda _, number=number: self._choose_door(number))
            self._doors[number] = button
        self._door = 1
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("关门 Close door", lambda: world.locker.close_door(self._door)),
            ("取出 Take out", lambda: world.locker.take_item(self._door)),
            ("放入 Put in", lambda: world.locker.put_item(self._door)),
            ("卡住 Stick", lambda: world.locker.stick(self._door)),
            ("松开 Free", lambda: world.locker.free(self._door)),
            ("登记居住证 Register permit", self._register),
        )
        self._ticket = QLabel("先选一个门 Choose a door first")
        return _box(
            "取件柜 Locker",
            _grid(list(self._doors.values()), 4),
            _grid([self._button(text, act) for text, act in acts], 3),
            self._ticket,
        )

    def _choose_door(self, number: int) -> None:
        self._door = number
        self.refresh()

    def _register(self) -> None:
        code = f"{secrets.randbelow(10**8):08}"
        self._world.stock(CITIZEN, self._door, code)
        self._ticket.setText(f"{self._door} 号门取件码 pickup code: {code}（测试一 Citizen, born 1990）")

    def _state(self) -> QGroupBox:
        lamps = QHBoxLayout()
        for relay, text in LAMPS.items():
            self._lamps[relay] = QLabel(text)
            self._lamps[relay].setAlignment(Qt.AlignmentFlag.AlignCenter)
            lamps.addWidget(self._lamps[relay])
        grid = QGridLayout()
        for row, (place, text) in enumerate(PLACES):
            grid.addWidget(QLabel(text), row, 0)
            self._wires[place] = QLabel()
            self._wires[place].setStyleSheet("font-family: monospace")
            grid.addWidget(self._wires[place], row, 1)
        grid.setColumnStretch(1, 1)
        self._central = QLabel()
        self._program = QLabel()
        return _box("灯与线上的字节 Lamps, and the newest bytes", lamps, grid, self._central, self._program)

    def _slips(self) -> QGroupBox:
        self._slip = QLabel("—")
        self._slip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._slip.setMinimumHeight(SLIP_SIZE.height())
        self._slip_state = QLabel()
        return _box("最近的凭条 Newest slip", self._slip, self._slip_state)

    # ---- how the world is

    def refresh(self) -> None:
        """Show the world as it is."""
        world = self._world
        card = world.reader.card
        name = next((f"{one.label_zh} — {one.label_en}" for one in PEOPLE if one.card is card), "")
        self._card_state.setText(f"在卡位上 On the spot: {name}" if card else "卡位上没有卡 No card on the spot")
        lit = world.lights.lit
        for relay, lamp in self._lamps.items():
            glow = "background: #f2c14e; color: #222" if relay in lit else "background: #444; color: #aaa"
            lamp.setStyleSheet(f"{glow}; border-radius: 6px; padding: 6px")
        for number, button in self._doors.items():
            door = world.locker.doors[number]
            state = "开 open" if door.is_open else "关 shut"
            button.setText(f"{number} {state}{' ●' if door.item else ''}")
            button.setChecked(number == self._door)
            button.setStyleSheet("font-weight: bold" if number == self._door else "")
        for place, label in self._wires.items():
            label.setText(self._newest_bytes(place))
        self._central.setText(
            f"中心端 Central: {len(found.cases_at(world.central))} 件申请 cases, "
            f"{len(found.proofs_at(world.central))} 份证明 proofs, "
            f"网络{'通 line up' if world.gate.is_open else '断 line cut'}"
        )
        self._program.setText(f"程序 Program: {'运行 running' if self._terminal.running else '已停 down'}")
        self._show_slip()

    def _newest_bytes(self, place: str) -> str:
        if place == "pages":
            pages = self._world.pages
            asked = pages.asked[-1][0] if pages.asked else "—"
            return f"{'' if pages.reachable else '✂ '}{asked} · 托盘 tray {len(pages.tray)} · 纸 paper {pages.sheets}"
        twin: Twin = self._world.serial[place]
        if not twin.wire.plugged:
            return "✂"
        trace = twin.trace
        if not trace:
            return "—"
        way, data = trace[-1]
        return f"{'→' if way == 'in' else '←'} {data[:SHOWN_BYTES].hex(' ').upper()}"

    def _show_slip(self) -> None:
        slips = self._world.slip.slips
        waiting = bool(self._world.slip.in_exit)
        self._slip_state.setText(
            f"共 {len(slips)} 张 slips; {'在出口等着拿 waits in the mouth' if waiting else '出口空 mouth empty'}"
        )
        if len(slips) == self._slips_seen or not slips:
            return
        self._slips_seen = len(slips)
        picture = QPixmap.fromImage(QImage.fromData(slips[-1].png()))
        self._slip.setPixmap(
            picture.scaled(SLIP_SIZE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )


def _box(title: str, *parts: QWidget | QLayout) -> QGroupBox:
    box = QGroupBox(title)
    column = QVBoxLayout(box)
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)
    return box


def _grid(buttons: list[QPushButton], columns: int) -> QGridLayout:
    grid = QGridLayout()
    for number, button in enumerate(buttons):
        grid.addWidget(button, number // columns, number % columns)
    return grid
