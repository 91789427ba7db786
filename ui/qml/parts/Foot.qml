import QtQuick
import Nuanting

// Always the same: back left, leave in the middle, next right. A next that cannot be pressed gives its reason instead.
Item {
    id: foot

    property bool aside: false  // it waits until the keyboard is down
    readonly property var backWay: Shell.back
    readonly property var leaveWay: Shell.leave
    readonly property var nextWay: Shell.next
    readonly property int lines: Shell.language === "zh" ? 1 : 2  // a Chinese label is never broken in two
    readonly property int edge: Theme.l
    readonly property bool lowers: Theme.reach < Theme.height
    readonly property int start: edge + (lowers ? low.width + Theme.m : 0)
    readonly property int rest: width - start - edge - Theme.m * 2

    // Away from a page that is being typed in: what waits is put into the field first.
    function away(ask: string) {
        Keyboard.settle()
        Shell.press(ask)
    }

    visible: !aside && Shell.page !== "attract" && (!!backWay.ask || !!leaveWay.ask || !!nextWay.ask)
    implicitHeight: !visible ? 0 : Theme.l + Math.max(Theme.bar + Theme.s, why.visible ? why.implicitHeight : 0)

    Rectangle {
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: Theme.hair
        color: Theme.line
    }
    // Always within reach of a seated person, on every page that has a foot.
    Touch {
        id: low
        visible: foot.lowers
        anchors { left: parent.left; leftMargin: foot.edge; verticalCenter: parent.verticalCenter }
        width: Theme.touch
        height: Theme.bar
        text: Shell.words["screen.mode_low"] ?? ""
        Accessible.role: Accessible.CheckBox
        Accessible.checkable: true
        Accessible.checked: Shell.low
        onClicked: Shell.switchMode("low")
        background: Rectangle {
            radius: Theme.radius
            border.width: Shell.low ? Theme.stroke : Theme.hair
            border.color: Shell.low ? Theme.seal : Theme.border
            color: low.pressed ? Theme.pressed : Shell.low ? Theme.sealGround : Theme.card
        }
        contentItem: Item {
            Icon {
                anchors.centerIn: parent
                name: "wheelchair"
                role: Shell.low ? "seal" : "ink"
                size: Theme.question
            }
        }
    }
    BigButton {
        id: back
        visible: !!foot.backWay.ask && foot.backWay.enabled
        x: foot.start
        anchors.verticalCenter: parent.verticalCenter
        width: Math.round(foot.rest * 0.25)
        height: Theme.bar
        text: foot.backWay.label ?? ""
        lines: foot.lines
        iconName: Shell.elder && !Theme.wide ? "" : "arrow-left"
        onClicked: foot.away(foot.backWay.ask)
    }
    BigButton {
        id: leave
        kind: "quiet"
        visible: !!foot.leaveWay.ask && foot.leaveWay.enabled
        x: foot.start + Math.round(foot.rest * 0.25) + Theme.m
        anchors.verticalCenter: parent.verticalCenter
        width: Math.round(foot.rest * 0.31)
        height: Theme.bar
        text: foot.leaveWay.label ?? ""
        lines: foot.lines
        iconName: "door-exit"
        onClicked: foot.away(foot.leaveWay.ask)
    }
    BigButton {
        id: next
        kind: "main"
        visible: !!foot.nextWay.ask && foot.nextWay.enabled
        anchors { right: parent.right; rightMargin: foot.edge; verticalCenter: parent.verticalCenter }
        width: Math.round(foot.rest * 0.44)
        height: Theme.bar
        text: foot.nextWay.label ?? ""
        lines: foot.lines
        iconName: foot.nextWay.icon ? foot.nextWay.icon : "arrow-right"
        iconAfter: true
        onClicked: {
            // Letters that wait are put into the field, to be seen; the next press goes on.
            if (Keyboard.composing)
                Keyboard.settle()
            else {
                // The keyboard goes down, so that what comes now is seen: the next page, or the first mistake.
                (Window.activeFocusItem as FieldInput)?.finished()
                Shell.press(foot.nextWay.ask)
            }
        }
    }
    Notice {
        id: why
        anchors { right: parent.right; rightMargin: foot.edge; verticalCenter: parent.verticalCenter }
        width: Math.round(foot.rest * 0.44)
        height: Math.max(Theme.bar, implicitHeight)
        visible: !!foot.nextWay.ask && !foot.nextWay.enabled && text !== ""
        mark: "wait"
        size: Theme.label
        text: foot.nextWay.reason ?? ""
    }
}
