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
            spacing: Theme.l

            Repeater {
                model: ItemScreen.facts
                delegate: RowLayout {
                    id: fact
                    required property var modelData
                    Layout.fillWidth: true
                    spacing: Theme.m

                    Icon {
                        Layout.alignment: Qt.AlignTop
                        Layout.topMargin: Theme.xs
                        name: fact.modelData.icon
                        role: "seal"
                        size: Theme.question
                    }
                    GridLayout {
                        Layout.fillWidth: true
                        columns: Theme.elder ? 1 : 2
                        columnSpacing: Theme.m
                        rowSpacing: 0

                        Say {
                            Layout.preferredWidth: Math.round(facts.width * (Theme.elder ? 0.8 : 0.24))
                            Layout.alignment: Qt.AlignTop
                            text: fact.modelData.label
                            color: Theme.soft
                            Accessible.ignored: true
                        }
                        Say {
                            Layout.fillWidth: true
                            text: fact.modelData.text
                            font.bold: true
                            Accessible.name: fact.modelData.label + (Shell.language === "zh" ? "：" : ": ") + text
                        }
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
