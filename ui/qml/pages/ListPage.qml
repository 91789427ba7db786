pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// The items of a block or of an event of a life, and where to go for the rest.
WorkPage {
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.m
        Icon {
            Layout.alignment: Qt.AlignVCenter
            name: ListScreen.icon
            role: "seal"
            size: Math.round(Theme.question * 1.4)
        }
        Question {
            Layout.fillWidth: true
            text: ListScreen.question
        }
    }
    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: ListScreen.notice
    }
    ItemGrid {
        Layout.fillWidth: true
        items: ListScreen.items
    }
    LineList {
        Layout.fillWidth: true
        visible: lines.length > 0
        size: ListScreen.items.length > 0 ? Theme.body : Theme.lead
        lines: ListScreen.lines
    }
    WayRow { Layout.fillWidth: true }
}
