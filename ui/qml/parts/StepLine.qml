pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// Where I am: done, now, left. At most six.
Item {
    id: line

    readonly property var steps: Shell.steps
    readonly property int share: steps.length > 0 ? Math.floor(row.width / steps.length) : 0

    visible: steps.length > 0
    implicitHeight: visible ? row.height + Theme.m : 0

    Row {
        id: row
        anchors { left: parent.left; right: parent.right; leftMargin: Theme.xl; rightMargin: Theme.xl }

        Repeater {
            model: line.steps
            delegate: Item {
                id: step
                required property var modelData
                required property int index
                readonly property bool now: modelData.state === "now"
                readonly property bool done: modelData.state === "done"
                width: line.share
                height: dot.height + words.height + Theme.s
                Accessible.role: Accessible.StaticText
                Accessible.name: modelData.label

                Rectangle {
                    visible: step.index > 0
                    anchors { verticalCenter: dot.verticalCenter; right: dot.left; rightMargin: Theme.xs }
                    width: parent.width - dot.width - Theme.xs * 2
                    height: Theme.stroke
                    color: step.done || step.now ? Theme.jade : Theme.line
                }
                Rectangle {
                    id: dot
                    anchors.horizontalCenter: parent.horizontalCenter
                    width: Theme.l + Theme.xs
                    height: width
                    radius: width / 2
                    color: step.now ? Theme.seal : step.done ? Theme.jade : Theme.paper
                    border.width: step.now || step.done ? 0 : Theme.hair
                    border.color: Theme.border

                    Icon {
                        anchors.centerIn: parent
                        visible: step.done
                        name: "check"
                        role: "onSeal"
                        size: Theme.l - Theme.s
                    }
                    Say {
                        anchors.centerIn: parent
                        visible: !step.done
                        text: step.index + 1
                        color: step.now ? Theme.onSeal : Theme.soft
                        font.pixelSize: Math.round(dot.height * 0.55)
                        font.bold: true
                        lineHeight: 1
                        Accessible.ignored: true
                    }
                }
                Say {
                    id: words
                    anchors { top: dot.bottom; topMargin: Theme.xs; horizontalCenter: parent.horizontalCenter }
                    width: parent.width - Theme.s
                    horizontalAlignment: Text.AlignHCenter
                    text: step.modelData.label
                    color: step.now ? Theme.ink : Theme.soft
                    font.pixelSize: Theme.small
                    font.bold: step.now
                    lineHeight: 1
                    Accessible.ignored: true
                }
            }
        }
    }
}
