pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// Where I am, one below the other: done, now, left. Where there is no room for all, the step that is now.
Column {
    id: list

    readonly property var steps: Shell.steps
    property int room: 0  // its height at most, 0: as it likes
    readonly property int row: rows.count > 0 ? (rows.itemAt(0)?.height ?? 0) + spacing : 0
    readonly property bool whole: room <= 0 || topPadding + row * steps.length <= room

    leftPadding: Theme.l
    topPadding: Theme.m
    spacing: Theme.s

    Repeater {
        id: rows
        model: list.steps
        delegate: Item {
            id: step
            required property var modelData
            required property int index
            visible: list.whole || modelData.state === "now"
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
