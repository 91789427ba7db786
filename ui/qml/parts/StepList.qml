pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// Where I am, one below the other: done, now, left.
Column {
    id: list

    readonly property var steps: Shell.steps

    leftPadding: Theme.l
    topPadding: Theme.m
    spacing: Theme.s

    Repeater {
        model: list.steps
        delegate: Item {
            id: step
            required property var modelData
            required property int index
            width: list.width - Theme.l * 2
            height: Math.max(dot.height, words.height) + Theme.s
            Accessible.role: Accessible.StaticText
            Accessible.name: (Shell.words["screen.step_" + modelData.state] ?? "").replace("{label}", modelData.label)

            StepDot {
                id: dot
                anchors.verticalCenter: parent.verticalCenter
                number: step.index + 1
                state: step.modelData.state
            }
            Say {
                id: words
                anchors { left: dot.right; leftMargin: Theme.m; right: parent.right; verticalCenter: parent.verticalCenter }
                text: step.modelData.label
                color: step.modelData.state === "now" ? Theme.ink : Theme.soft
                font.pixelSize: Theme.label
                font.bold: step.modelData.state === "now"
                lineHeight: 1
                Accessible.ignored: true
            }
        }
    }
}
