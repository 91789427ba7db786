pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// One item before anybody identifies: what it takes, for whom it is, and whether it can be done here now.
WorkPage {
    question: ItemScreen.title

    Say {
        Layout.fillWidth: true
        visible: text !== ""
        text: ItemScreen.summary
        color: Theme.soft
    }
    Notice {
        Layout.fillWidth: true
        mark: ItemScreen.ready ? "good" : "wait"
        text: ItemScreen.ready ? Shell.words["screen.can_now"] ?? "" : ItemScreen.reason
        bold: true
    }
    Card {
        Layout.fillWidth: true
        visible: ItemScreen.facts.length > 0
        implicitHeight: facts.implicitHeight + Theme.l * 2

        ColumnLayout {
            id: facts
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.l }
            spacing: Theme.m

            Repeater {
                model: ItemScreen.facts
                delegate: RowLayout {
                    id: fact
                    required property var modelData
                    Layout.fillWidth: true
                    spacing: Theme.l

                    Say {
                        Layout.preferredWidth: Math.round(facts.width * 0.28)
                        Layout.alignment: Qt.AlignTop
                        text: fact.modelData.name
                        color: Theme.soft
                    }
                    Say {
                        Layout.fillWidth: true
                        text: fact.modelData.text
                        font.bold: true
                    }
                }
            }
        }
    }
    LineList {
        Layout.fillWidth: true
        lines: ItemScreen.lines
    }
    ChoiceList { Layout.fillWidth: true }
}
