pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What can be done here. The tabs only sift what is shown; nothing is asked of the mind by them.
WorkPage {
    id: page

    property string block
    readonly property var tabs: [{ name: "", text: Shell.words["screen.all_items"] ?? "" }].concat(HomeScreen.blocks)
    readonly property var shown: HomeScreen.items.filter(item => page.block === "" || item.block === page.block)

    question: HomeScreen.question

    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: HomeScreen.notice
    }
    Row {
        id: tabRow
        Layout.fillWidth: true
        spacing: Theme.m

        Repeater {
            model: page.tabs
            delegate: TabButton {
                required property var modelData
                width: Math.floor((tabRow.width - Theme.m * (page.tabs.length - 1)) / page.tabs.length)
                text: modelData.text
                chosen: page.block === modelData.name
                iconName: modelData.name === "" ? "layout-grid" : modelData.name === "consult" ? "message-circle"
                        : modelData.name === "apply" ? "clipboard-text" : modelData.name === "query" ? "search" : "package"
                onClicked: page.block = modelData.name
            }
        }
    }
    Repeater {
        model: page.shown
        delegate: ItemCard {
            Layout.fillWidth: true
            onClicked: HomeScreen.chooseItem(code)
        }
    }
    Notice {
        Layout.fillWidth: true
        visible: page.shown.length === 0
        mark: "info"
        text: Shell.words["screen.no_items"] ?? ""
    }
}
