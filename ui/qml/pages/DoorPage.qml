import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// A compartment of the cabinet: which one, and what to do with its door.
WorkPage {
    question: DoorScreen.title

    Notice {
        Layout.fillWidth: true
        mark: DoorScreen.state === "shut" ? "wait" : DoorScreen.state === "done" ? "good" : "info"
        size: Theme.lead
        text: DoorScreen.line
    }
    DoorMap {
        Layout.fillWidth: true
        Layout.topMargin: Theme.l
        visible: DoorScreen.door > 0
        Layout.preferredHeight: Math.round(Theme.height * 0.42)
        door: DoorScreen.door
        state_: DoorScreen.state
    }
    ChoiceList { Layout.fillWidth: true }
}
