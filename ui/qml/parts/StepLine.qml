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
                Accessible.name: (Shell.words["screen.step_" + modelData.state] ?? "").replace("{label}", modelData.label)

                Rectangle {
                    visible: step.index > 0
                    anchors { verticalCenter: dot.verticalCenter; right: dot.left; rightMargin: Theme.xs }
                    width: parent.width - dot.width - Theme.xs * 2
                    height: Theme.stroke
                    color: step.done || step.now ? Theme.jade : Theme.line
                }
                StepDot {
                    id: dot
                    anchors.horizontalCenter: parent.horizontalCenter
                    number: step.index + 1
                    state: step.modelData.state
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
