pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// Further ways side by side, where each is short.
GridLayout {
    id: row

    property var choices: Shell.choices

    visible: choices.length > 0
    columns: Theme.elder && !Theme.wide ? 1 : choices.length === 3 ? 3 : Math.max(1, Math.min(choices.length, 2))
    uniformCellWidths: true
    columnSpacing: Theme.l
    rowSpacing: Theme.l

    Repeater {
        model: row.choices
        delegate: BigButton {
            required property var modelData
            Layout.fillWidth: true
            Layout.preferredHeight: Math.max(Theme.bar, implicitHeight)
            text: modelData.label
            iconName: modelData.icon
            onClicked: Shell.press(modelData.ask)
        }
    }
}
