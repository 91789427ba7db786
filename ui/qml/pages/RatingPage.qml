pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What somebody thinks of an item that is over: five levels of one size, or why it went badly, or thanks.
WorkPage {
    question: RatingScreen.question

    Say {
        Layout.fillWidth: true
        text: RatingScreen.line
        font.pixelSize: Theme.lead
        color: Theme.soft
    }
    ColumnLayout {
        Layout.fillWidth: true
        visible: RatingScreen.levels.length > 0
        spacing: Theme.m

        Repeater {
            model: RatingScreen.levels
            delegate: BigButton {
                required property var modelData
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.bar
                text: modelData.label
                iconName: modelData.icon
                size: Theme.lead
                onClicked: Shell.press(modelData.ask)
            }
        }
    }
    GridLayout {
        Layout.fillWidth: true
        visible: RatingScreen.reasons.length > 0
        columns: Theme.wide && !Theme.elder ? 2 : 1
        uniformCellWidths: true
        columnSpacing: Theme.m
        rowSpacing: Theme.m

        Repeater {
            model: RatingScreen.reasons
            delegate: ModeSwitch {
                required property var modelData
                Layout.fillWidth: true
                on: modelData.chosen
                text: modelData.label
                onClicked: Shell.press(modelData.ask)
            }
        }
    }
}
