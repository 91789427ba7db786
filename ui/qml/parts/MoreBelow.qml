import QtQuick
import Nuanting

// Says that `part` goes on below what can be seen, and moves it there. What is drawn stays in the page's margin, off what
// the page says; the target is larger than that.
Touch {
    id: more

    required property Flickable part
    readonly property bool furniture: true  // who listens is brought there anyway
    readonly property FieldInput typing: Window.activeFocusItem as FieldInput

    readonly property int drawn: Theme.xl - Theme.xs  // no wider than the margin of a page in portrait

    anchors.rightMargin: Theme.xs / 2
    visible: typing === null && part.contentHeight - part.contentY > part.height + Theme.m
    text: Shell.words["screen.more_below"] ?? ""
    onClicked: part.contentY = Math.min(part.contentY + part.height / 2, part.contentHeight - part.height)
    contentItem: Item {
        Rectangle {
            anchors { right: parent.right; bottom: parent.bottom }
            width: more.drawn
            height: width
            radius: height / 2
            color: more.pressed ? Theme.pressed : Theme.card
            border.width: Theme.hair
            border.color: Theme.border
            Icon {
                anchors.centerIn: parent
                name: "arrow-down"
                role: "seal"
                size: Math.round(more.drawn * 0.7)
            }
        }
    }
}
