pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// Events of a life to choose from.
GridLayout {
    id: grid

    property var events: []

    visible: events.length > 0
    columns: (Theme.wide ? 3 : 2) - (Theme.elder && (Theme.wide || Shell.language === "en") ? 1 : 0)
    uniformCellWidths: true
    columnSpacing: Theme.l
    rowSpacing: Theme.l

    Repeater {
        model: grid.events
        delegate: EventCard {
            Layout.fillWidth: true
            Layout.fillHeight: true
            onClicked: Shell.press("event:" + modelData.code)
        }
    }
}
