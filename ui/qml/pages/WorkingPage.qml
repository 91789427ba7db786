import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What is being done, and, when it takes long, what else can be done.
WorkPage {
    question: WorkingScreen.title

    Card {
        Layout.fillWidth: true
        implicitHeight: lines.implicitHeight + Theme.l * 2
        LineList {
            id: lines
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.l }
            lines: WorkingScreen.lines
            process: true
            size: Theme.lead
            spacing: Theme.l
        }
    }
    WorkBar { Layout.fillWidth: true }
    Notice {
        Layout.fillWidth: true
        mark: "wait"
        text: WorkingScreen.patience
    }
    ChoiceList { Layout.fillWidth: true }
}
