import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// A compartment of the cabinet: which one, and what to do with its door.
WorkPage {
    id: page

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
        Layout.preferredHeight: Math.round(Math.max(Theme.xxl * 4, Math.min(Theme.height * 0.42, page.height * 0.6)))
        door: DoorScreen.door
        state_: DoorScreen.state
    }
    ChoiceList { Layout.fillWidth: true }
}
