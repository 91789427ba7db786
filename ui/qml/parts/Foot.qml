import QtQuick
import Nuanting

// Always the same: back left, leave in the middle, next right. A next that cannot be pressed gives its reason instead.
Item {
    id: foot

    readonly property var backWay: Shell.back
    readonly property var leaveWay: Shell.leave
    readonly property var nextWay: Shell.next
    readonly property int lines: Shell.language === "zh" ? 1 : 2  // a Chinese label is never broken in two
    readonly property int rest: width - Theme.xl * 2 - Theme.m * 2

    visible: Shell.page !== "attract" && (!!backWay.ask || !!leaveWay.ask || !!nextWay.ask)
    implicitHeight: !visible ? 0 : Theme.l + Math.max(Theme.bar + Theme.s, why.visible ? why.implicitHeight : 0)

    Rectangle {
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: Theme.hair
        color: Theme.line
    }
    BigButton {
        id: back
        visible: !!foot.backWay.ask && foot.backWay.enabled
        anchors { left: parent.left; leftMargin: Theme.xl; verticalCenter: parent.verticalCenter }
        width: Math.round(foot.rest * 0.25)
        height: Theme.bar
        text: foot.backWay.label ?? ""
        lines: foot.lines
        iconName: Shell.elder ? "" : "arrow-left"
        onClicked: Shell.press(foot.backWay.ask)
    }
    BigButton {
        id: leave
        kind: "quiet"
        visible: !!foot.leaveWay.ask && foot.leaveWay.enabled
        x: Theme.xl + Math.round(foot.rest * 0.25) + Theme.m
        anchors.verticalCenter: parent.verticalCenter
        width: Math.round(foot.rest * 0.31)
        height: Theme.bar
        text: foot.leaveWay.label ?? ""
        lines: foot.lines
        iconName: "door-exit"
        onClicked: Shell.press(foot.leaveWay.ask)
    }
    BigButton {
        id: next
        kind: "main"
        visible: !!foot.nextWay.ask && foot.nextWay.enabled
        anchors { right: parent.right; rightMargin: Theme.xl; verticalCenter: parent.verticalCenter }
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
        anchors { right: parent.right; rightMargin: Theme.xl; verticalCenter: parent.verticalCenter }
        width: Math.round(foot.rest * 0.44)
        height: Math.max(Theme.bar, implicitHeight)
        visible: !!foot.nextWay.ask && !foot.nextWay.enabled && text !== ""
        mark: "wait"
        size: Theme.label
        text: foot.nextWay.reason ?? ""
    }
}
