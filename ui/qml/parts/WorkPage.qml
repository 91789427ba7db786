import QtQuick
import QtQuick.Layouts
import Nuanting

// A page's work area: a question, then what to touch, scrolling when it must. The foot and the head are not its own.
FocusScope {
    id: page

    default property alias content: column.data
    property alias question: heading.text
    property alias flickable: flick
    property bool shelf: true
    readonly property int edge: Theme.wide ? Theme.l : Theme.xl

    // Brings a part of the page into what can be seen, with room around it.
    function reveal(part: Item) {
        const around = Math.max(0, Math.min(Theme.l, (flick.height - part.height) / 2))
        const top = part.mapToItem(column, 0, 0).y + column.y - around
        const bottom = top + part.height + around * 2
        let y = flick.contentY
        if (top < y)
            y = top
        if (bottom > y + flick.height)
            y = bottom - flick.height  // where both ends do not fit, the end with the letters is the one to see
        flick.contentY = Math.max(0, Math.min(y, flick.contentHeight - flick.height))
    }

    // The reading room's shelf, where there is room left for it.
    Image {
        id: ornament
        readonly property int room: page.height - flick.contentHeight
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: page.edge; rightMargin: page.edge }
        height: Math.round(Math.min(width, Theme.xxl * 9) * 0.2)
        fillMode: Image.PreserveAspectFit
        visible: page.shelf && room > height + Theme.xl
        sourceSize: Qt.size(Math.max(1, width), Math.max(1, height))
        source: "image://drawing/shelf/" + Theme.scheme
        Accessible.ignored: true
    }
    Flickable {
        id: flick
        anchors.fill: parent
        contentWidth: width
        contentHeight: column.implicitHeight + Theme.l * 2
        boundsBehavior: Flickable.StopAtBounds
        flickableDirection: Flickable.VerticalFlick
        interactive: contentHeight > height
        clip: true

        ColumnLayout {
            id: column
            x: page.edge
            y: Theme.m
            width: flick.width - page.edge * 2
            spacing: Theme.l

            Question {
                id: heading
                Layout.fillWidth: true
                Layout.bottomMargin: Theme.s
                visible: text !== ""
            }
        }
    }
    MoreBelow {
        anchors { right: parent.right; bottom: parent.bottom; margins: Theme.m }
        part: flick
    }
}
