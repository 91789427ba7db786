pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What can be done here: four doors, the ways to the rest, and what is used most.
WorkPage {
    id: page

    question: HomeScreen.question

    GridLayout {
        Layout.fillWidth: true
        columns: Theme.wide && !Theme.elder ? 4 : 2
        uniformCellWidths: true
        columnSpacing: Theme.l
        rowSpacing: Theme.l

        Repeater {
            model: HomeScreen.blocks
            delegate: BlockCard {
                Layout.fillWidth: true
                Layout.fillHeight: true
                onClicked: Shell.press("block:" + modelData.block)
            }
        }
    }
    WayRow { Layout.fillWidth: true }  // above what grows: the ways to the rest are always in sight
    Notice {
        Layout.fillWidth: true
        text: HomeScreen.news
    }
    Say {
        Layout.fillWidth: true
        Layout.topMargin: Theme.s
        visible: text !== "" && HomeScreen.items.length > 0
        text: HomeScreen.heading
        font.pixelSize: Theme.lead
        font.bold: true
        Accessible.role: Accessible.Heading
    }
    ItemGrid {
        Layout.fillWidth: true
        items: HomeScreen.items
    }
    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: HomeScreen.notice
    }
}
