import QtQuick
import Nuanting

// Always the same: back left, leave in the middle, next right. A next that cannot be pressed gives its reason instead.
Item {
    id: foot

    readonly property var backWay: Shell.back
    readonly property var leaveWay: Shell.leave
    readonly property var nextWay: Shell.next
    readonly property int rest: width - Theme.xl * 2 - Theme.m * 2

    visible: !!backWay.ask || !!leaveWay.ask || !!nextWay.ask
    implicitHeight: visible ? Theme.bar + Theme.l + Theme.s : 0

    Rectangle {
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: Theme.hair
        color: Theme.line
    }
    BigButton {
        id: back
        visible: !!foot.backWay.ask && foot.backWay.enabled
        anchors { left: parent.left; leftMargin: Theme.xl; verticalCenter: parent.verticalCenter }
        width: Math.round(foot.rest * 0.27)
        height: Theme.bar
        text: foot.backWay.label ?? ""
        iconName: "arrow-left"
        onClicked: Shell.press(foot.backWay.ask)
    }
    BigButton {
        id: leave
        kind: "quiet"
        visible: !!foot.leaveWay.ask && foot.leaveWay.enabled
        x: Theme.xl + Math.round(foot.rest * 0.27) + Theme.m
        anchors.verticalCenter: parent.verticalCenter
        width: Math.round(foot.rest * 0.27)
        height: Theme.bar
        text: foot.leaveWay.label ?? ""
        iconName: "door-exit"
        onClicked: Shell.press(foot.leaveWay.ask)
    }
    BigButton {
        id: next
        kind: "main"
        visible: !!foot.nextWay.ask && foot.nextWay.enabled
        anchors { right: parent.right; rightMargin: Theme.xl; verticalCenter: parent.verticalCenter }
        width: Math.round(foot.rest * 0.46)
        height: Theme.bar
        text: foot.nextWay.label ?? ""
        iconName: foot.nextWay.icon ? foot.nextWay.icon : "arrow-right"
        iconAfter: true
        onClicked: Shell.press(foot.nextWay.ask)
    }
    Notice {
        anchors { right: parent.right; rightMargin: Theme.xl; verticalCenter: parent.verticalCenter }
        width: Math.round(foot.rest * 0.46)
        height: Math.min(implicitHeight, foot.height - Theme.s)
        visible: !!foot.nextWay.ask && !foot.nextWay.enabled && text !== ""
        mark: "wait"
        size: Theme.small
        text: foot.nextWay.reason ?? ""
    }
}
