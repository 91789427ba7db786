import QtQuick
import Nuanting

// The cabinet beside the terminal as it stands there: its own doors, in its own order; the one that matters is lit.
Item {
    id: map

    property int door: 0
    property string state_
    readonly property bool open: state_ === "open" || state_ === "taken" || state_ === "close"
    // As slender as it stands there, but never so slender that its numbers become small.
    readonly property real shape: Math.max(Front.cabinetWide / Front.cabinetTall, 0.9)

    Accessible.role: Accessible.Graphic
    Accessible.name: (Shell.words["screen.door"] ?? "") + " " + door

    Cabinet {
        id: cabinet
        anchors.centerIn: parent
        width: Math.round(Math.min(map.width, map.height * map.shape))
        height: parent.height
        numbered: true
        edge: Theme.l
        door: map.door
        open: map.open
        full: map.state_ === "open"
    }
}
