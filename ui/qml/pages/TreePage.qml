import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// The tree of life: what happens, and what this terminal can help with.
WorkPage {
    question: TreeScreen.question

    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: TreeScreen.notice
    }
    EventGrid {
        Layout.fillWidth: true
        events: TreeScreen.events
    }
    WayRow { Layout.fillWidth: true }
}
