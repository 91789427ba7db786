import QtQuick
import QtQuick.Templates as T
import Nuanting
import "parts"

// The one window: a stage of the design's size, scaled to the glass, with one navigator and the overlays above it.
Window {
    id: window

    property int turned: 0
    readonly property bool sideways: turned % 180 !== 0
    readonly property real fit: Math.min((sideways ? height : width) / Theme.width, (sideways ? width : height) / Theme.height)
    readonly property bool settled: !pages.busy
    readonly property bool night: Shell.page === "attract"
    readonly property var order: ["closed", "attract", "home", "item", "identify", "consent", "form", "review", "working",
                                  "door", "take", "result", "trouble", "leaving", "goodbye"]
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
        }
        function onPageChanged() { window.turn() }
    }

    Item {
        id: stage

        anchors.centerIn: parent
        width: Theme.width
        height: Theme.height
        scale: window.fit
        rotation: window.turned
        clip: true

        Rectangle {
            anchors.fill: parent
            color: window.night ? Theme.night : Theme.paper
        }
        T.StackView {
            id: pages
            objectName: "navigator"
            anchors { left: parent.left; right: parent.right }
            anchors.top: window.night ? parent.top : where.bottom
            anchors.bottom: window.night ? parent.bottom : keyboard.top
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
        Head {
            id: head
            objectName: "head"
            anchors { left: parent.left; right: parent.right; top: parent.top }
            night: window.night
        }
        Column {
            id: where
            anchors { left: parent.left; right: parent.right; top: head.bottom }
            bottomPadding: Theme.s
            visible: !window.night && !(Shell.elder && keyboard.raised)  // while typing in large type, the field comes first
            height: visible ? implicitHeight : 0
            spacing: Theme.m

            Notice {
                x: Theme.xl
                width: parent.width - Theme.xl * 2
                mark: "wait"
                size: Theme.small
                text: Shell.network
            }
            StepLine { width: parent.width }
        }
        KeyboardSlot {
            id: keyboard
            anchors { left: parent.left; right: parent.right; bottom: foot.top }
            height: implicitHeight
        }
        Foot {
            id: foot
            objectName: "foot"
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: implicitHeight
            enabled: !pages.busy
        }
        CountdownOverlay { anchors.fill: parent }
        Item {
            anchors.fill: parent
            PointHandler { onActiveChanged: if (active) Shell.touched() }
        }
    }
}
