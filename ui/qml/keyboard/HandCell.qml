import QtQuick
import Nuanting
import "../parts"

// One square of the pad. Ink is drawn piece by piece as the finger goes; all of it again only when a stroke is taken back.
Rectangle {
    id: cell

    required property int number
    required property bool free
    readonly property bool writing: path.length > 0
    readonly property bool inked: Keyboard.composing && Keyboard.inkCell === number
    property var path: []

    radius: Theme.round
    color: Theme.card
    border.width: inked ? Theme.stroke : Theme.hair
    border.color: inked ? Theme.seal : Theme.border
    clip: true
    Accessible.role: Accessible.Canvas
    Accessible.name: hint.text

    function put(x: real, y: real) {
        cell.path.push(x, y)
        const reach = Theme.s
        const at = cell.path.length
        const x0 = at > 2 ? cell.path[at - 4] : x
        const y0 = at > 2 ? cell.path[at - 3] : y
        ink.markDirty(Qt.rect(Math.min(x, x0) - reach, Math.min(y, y0) - reach,
                              Math.abs(x - x0) + 2 * reach, Math.abs(y - y0) + 2 * reach))
    }

    Rectangle {
        anchors.centerIn: parent
        width: parent.width - Theme.m
        height: Theme.hair
        color: Theme.pressed
    }
    Rectangle {
        anchors.centerIn: parent
        width: Theme.hair
        height: parent.height - Theme.m
        color: Theme.pressed
    }
    Rectangle {
        anchors.centerIn: hint
        visible: hint.visible
        width: hint.contentWidth + Theme.m
        height: hint.height
        color: cell.color
    }
    Say {
        id: hint
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: Theme.m }
        horizontalAlignment: Text.AlignHCenter
        visible: !cell.inked && !cell.writing
        text: Keyboard.words[Keyboard.composing ? "hand_next" : "hand_here"] ?? ""
        color: Theme.soft
        font.pixelSize: Theme.label
        Accessible.ignored: true
    }
    Canvas {
        id: ink

        property int drawn: 0
        property bool stained: false
        property bool whole: true
        property var late: []  // strokes that ended before their last points were drawn

        anchors.fill: parent
        renderStrategy: Canvas.Immediate
        Accessible.ignored: true

        function line(context: var, points: var, from: int, scale: real) {
            ink.stained = true
            context.beginPath()
            const begin = Math.max(0, from - 2)
            context.moveTo(points[begin] * scale, points[begin + 1] * scale)
            if (points.length === 2)
                context.lineTo(points[0] * scale, points[1] * scale + Theme.hair)
            for (let at = begin + 2; at < points.length; at += 2)
                context.lineTo(points[at] * scale, points[at + 1] * scale)
            context.stroke()
        }
        function again() {
            if (ink.stained || Keyboard.inkCell === cell.number) {
                ink.whole = true
                ink.requestPaint()
            }
        }

        onPaint: {
            const context = getContext("2d")
            if (ink.whole)
                context.reset()
            context.lineWidth = Theme.s
            context.lineCap = "round"
            context.lineJoin = "round"
            context.strokeStyle = Theme.ink
            if (ink.whole) {
                ink.drawn = 0
                ink.stained = false
                if (Keyboard.inkCell === cell.number)
                    for (const stroke of Keyboard.ink)
                        ink.line(context, stroke, 0, cell.height)
                ink.whole = false
                ink.late = []
            }
            for (const [points, from] of ink.late)
                ink.line(context, points, from, 1)
            ink.late = []
            if (cell.path.length > ink.drawn) {
                ink.line(context, cell.path, ink.drawn, 1)
                ink.drawn = cell.path.length
            }
        }
        onWidthChanged: again()
        onHeightChanged: again()
    }
    Connections {
        target: Keyboard
        function onInkChanged() { ink.again() }
    }
    Connections {
        target: Theme
        function onSchemeChanged() { ink.again() }
    }
    MultiPointTouchArea {
        anchors.fill: parent
        maximumTouchPoints: 1
        mouseEnabled: true
        touchPoints: TouchPoint { id: finger }
        enabled: cell.free

        onPressed: {
            ink.drawn = 0
            cell.path = []
            cell.put(finger.x, finger.y)
            cell.pathChanged()
            Keyboard.penDown(cell.number)
        }
        onUpdated: cell.put(finger.x, finger.y)
        onReleased: lift()
        onCanceled: lift()

        function lift() {
            const size = cell.height
            const points = cell.path
            cell.path = []
            if (ink.drawn < points.length)
                ink.late.push([points, ink.drawn])
            Keyboard.stroke(points.map(one => one / size))
        }
    }
}
