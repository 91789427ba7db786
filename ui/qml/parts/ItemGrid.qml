pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// Items to choose from, side by side where the glass is wide.
GridLayout {
    id: grid

    property var items: []

    visible: items.length > 0
    columns: Theme.wide && !Theme.elder ? 2 : 1
    uniformCellWidths: true
    columnSpacing: Theme.l
    rowSpacing: Theme.l

    Repeater {
        model: grid.items
        delegate: ItemCard {
            Layout.fillWidth: true
            Layout.fillHeight: true
            onClicked: Shell.press("item:" + code)
        }
    }
}
