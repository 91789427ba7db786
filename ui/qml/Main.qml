import QtQuick
import QtQuick.Templates as T
import Nuanting
import "parts"

// The one window: a stage of the design's size, scaled to the glass, with one navigator and the overlays above it.
// On tall glass the frame stands above and below the page, on wide glass beside it; in low reach all of it stands in
// the lower part of the glass.
Window {
    id: window

    property int turned: 0
    readonly property bool sideways: turned % 180 !== 0
    readonly property real fit: Math.min((sideways ? height : width) / Theme.width, (sideways ? width : height) / Theme.height)
    readonly property bool settled: !pages.busy
    readonly property bool night: Shell.page === "attract"
    readonly property var order: ["closed", "attract", "home", "tree", "search", "list", "item", "guide", "identify", "cases", "case",
                                  "consent", "form", "review", "working",
                                  "door", "take", "result", "rating", "trouble", "leaving", "goodbye"]
    property string before

    function turn() {
        const name = Shell.page
        const still = name === "attract" || window.before === "attract" || window.before === "" || Theme.slide === 0
        const back = window.order.indexOf(name) < window.order.indexOf(window.before)
        window.before = name
        pages.replace(null, Qt.resolvedUrl("pages/" + name.charAt(0).toUpperCase() + name.slice(1) + "Page.qml"), {},
                      still ? T.StackView.Immediate : back ? T.StackView.PopTransition : T.StackView.PushTransition)
    }

    visible: false
    color: Theme.letterbox
    title: Shell.place
    Component.onCompleted: if (Shell.page !== "") turn()

    Connections {
        target: Shell
        function onVisitChanged() {
            pages.clear(T.StackView.Immediate)
            window.before = ""
            help.opened = false
        }
        function onPageChanged() {
            window.turn()
            stage.typed = null
            lens.begin()
        }
    }
    Item {
        id: glass

        anchors.centerIn: parent
        width: Theme.width
        height: Theme.height
        scale: window.fit
        rotation: window.turned
        clip: true

        Item {
            id: stage

            readonly property bool closer: Shell.magnify && !window.night  // the doorway is large enough
            // While typing the page alone is enlarged, in its own place: the keys stand on the glass whole, as always.
            readonly property bool typing: closer && keyboard.raised
            readonly property bool looking: closer && !typing
            property Item typed: null  // the field that was typed in last
            onTypingChanged: if (!typing) finding.enabled = closer && typed !== null
            anchors.fill: parent
            enabled: !help.opened
            transform: Scale {
                origin.x: lens.centre.x
                origin.y: lens.centre.y
                xScale: stage.looking ? Theme.closer : 1
                yScale: xScale
            }

            Rectangle {
                anchors.fill: parent
                color: window.night ? Theme.night : Theme.paper
            }
            FreedSpace {
                anchors { left: parent.left; right: parent.right; top: parent.top; bottom: room.top }
                visible: !window.night && height > 0
            }
            Item {
                id: room
                anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
                height: Shell.low && !window.night ? Theme.reach : parent.height

                // Where the keyboard leaves too little room for the field and its label, first the foot gives way, then
                // the head; both are back when the keyboard is down.
                readonly property int plain: Math.round(Theme.bar * 1.8)
                readonly property int field: Math.round(plain * (stage.typing ? Theme.closer : 1))
                readonly property int typing: keyboard.implicitHeight + field
                readonly property int above: Theme.wide ? 0 : head.implicitHeight
                readonly property real below: Theme.bar + Theme.l + Theme.s
                readonly property bool tight: keyboard.raised && typing + above + below > height
                readonly property bool tighter: tight && !Theme.wide && typing + above > height

                Item {
                    id: place
                    anchors.right: parent.right
                    anchors.left: Theme.wide && !window.night ? side.right : parent.left
                    anchors.top: window.night || Theme.wide || room.tighter ? parent.top : where.bottom
                    anchors.bottom: !window.night ? keyboard.top : Shell.low ? head.top : parent.bottom

                    T.StackView {
                        id: pages
                        objectName: "navigator"
                        width: place.width / scale
                        height: place.height / scale
                        transformOrigin: Item.TopLeft
                        // As large as leaves the field whole; the lines are broken anew, so that nothing lies aside.
                        scale: stage.typing ? Math.max(1, Math.min(Theme.closer, place.height / room.plain)) : 1
                        enabled: !busy
                        pushEnter: Transition {
                            NumberAnimation { property: "x"; from: Theme.xxl; to: 0; duration: Theme.slide; easing.type: Easing.OutCubic }
                            NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.slide }
                        }
                        popEnter: Transition {
                            NumberAnimation { property: "x"; from: -Theme.xxl; to: 0; duration: Theme.slide; easing.type: Easing.OutCubic }
                            NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.slide }
                        }
                        pushExit: Transition { NumberAnimation { property: "opacity"; to: 0; duration: 1 } }
                        popExit: Transition { NumberAnimation { property: "opacity"; to: 0; duration: 1 } }
                    }
                }
                Rectangle {
                    id: side
                    anchors { left: parent.left; top: parent.top; bottom: parent.bottom }
                    width: Theme.wide ? Theme.side : 0
                    visible: Theme.wide && !window.night
                    color: Theme.sunk
                    Rectangle {
                        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
                        width: Theme.hair
                        color: Theme.line
                    }
                }
                Head {
                    id: head
                    objectName: "head"
                    anchors.left: parent.left
                    y: window.night && Shell.low ? parent.height - height : 0  // the doorway keeps its switches in reach
                    width: side.visible ? side.width : parent.width
                    stacked: side.visible
                    visible: !room.tighter
                    night: window.night
                    onHelpWanted: {
                        Keyboard.settle()  // it goes down meanwhile: what waits is put into the field
                        help.opened = true
                    }
                }
                Column {
                    id: where
                    anchors { left: parent.left; top: head.bottom }
                    width: head.width
                    bottomPadding: Theme.s
                    // While typing where room is scarce, the field comes first.
                    visible: !window.night && (Theme.wide || !((Shell.elder || Shell.low || Shell.magnify) && keyboard.raised))
                    height: visible ? implicitHeight : 0
                    spacing: Theme.m

                    Notice {
                        x: Theme.wide ? Theme.m : Theme.xl
                        width: parent.width - x * 2
                        mark: "wait"
                        size: Theme.small
                        text: Shell.network
                    }
                    StepLine {
                        width: parent.width
                        visible: !Theme.wide && steps.length > 0
                    }
                    StepList {
                        width: parent.width
                        visible: Theme.wide && steps.length > 0
                        room: side.height - where.y - y
                    }
                }
                KeyboardSlot {
                    id: keyboard
                    anchors { right: parent.right; bottom: foot.top }
                    width: foot.width
                    height: implicitHeight
                    // In low reach the words that stand ready give way sooner than foot and head.
                    most: Shell.low && !Theme.wide ? Math.max(1, room.height - room.above - room.below - room.field) : 0
                }
                Foot {
                    id: foot
                    objectName: "foot"
                    anchors { right: parent.right; bottom: parent.bottom }
                    width: parent.width - (side.visible ? side.width : 0)
                    height: implicitHeight
                    aside: room.tight
                    enabled: !pages.busy
                }
            }
        }
        Connections {
            target: window
            function onActiveFocusItemChanged() { if (keyboard.raised) stage.typed = keyboard.field }
        }
        // The keyboard went down: once the page has been laid out anew, the lens looks at what was typed.
        Connections {
            id: finding
            target: window
            enabled: false
            function onAfterAnimating() {
                finding.enabled = false
                if (stage.looking && stage.typed)
                    lens.face(stage.typed.mapToItem(stage, 0, stage.typed.height / 2).y)
            }
        }
        LensPad {
            id: lens
            on: stage.closer
            visible: stage.looking && !help.opened
            anchors.fill: parent
        }
        HelpPanel {
            id: help
            objectName: "help"
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: room.height
        }
        CountdownOverlay {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: room.height
        }
        Item {
            anchors.fill: parent
            PointHandler { id: finger }
            // The large pointer: where the glass is touched, or where a mouse stands.
            HoverHandler {
                id: mouse
                enabled: stage.closer
            }
            Rectangle {
                readonly property point at: finger.active ? finger.point.position : mouse.point.position
                visible: stage.closer && (finger.active || mouse.hovered) && at.x + at.y > 0
                width: Theme.touch
                height: Theme.touch
                radius: width / 2
                x: at.x - width / 2
                y: at.y - height / 2
                color: "transparent"
                border.width: Theme.s + Theme.stroke * 2
                border.color: Theme.card
                // Seen on every ground: the seal's red between two lines of the paper's white.
                Rectangle {
                    anchors { fill: parent; margins: Theme.stroke }
                    radius: width / 2
                    color: "transparent"
                    border.width: Theme.s
                    border.color: Theme.seal
                }
            }
        }
    }
    // Whoever touches is there, on the frame beside the page too.
    Item {
        anchors.fill: parent
        PointHandler { onActiveChanged: if (active) Shell.touched() }
    }
    ReadingMark { fit: window.fit }
}
