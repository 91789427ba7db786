import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What is being done, and after ten seconds what else can be done.
WorkPage {
    id: page

    property bool long: false

    question: WorkingScreen.title

    Card {
        Layout.fillWidth: true
        implicitHeight: lines.implicitHeight + Theme.l * 2
        LineList {
            id: lines
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.l }
            lines: WorkingScreen.lines
            size: Theme.lead
            spacing: Theme.l
        }
    }
    WorkBar { Layout.fillWidth: true }
    Notice {
        Layout.fillWidth: true
        visible: page.long && text !== ""
        mark: "wait"
        text: WorkingScreen.patience
    }
    ChoiceList { Layout.fillWidth: true }
    Timer {
        interval: Theme.patience
        running: true
        onTriggered: page.long = true
    }
}
