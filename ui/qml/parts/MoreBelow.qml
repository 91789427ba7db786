import QtQuick
import Nuanting

// Says that `part` goes on below what can be seen, and moves it there.
Touch {
    id: more

    required property Flickable part
    readonly property bool furniture: true  // who listens is brought there anyway
    readonly property FieldInput typing: Window.activeFocusItem as FieldInput

    visible: typing === null && part.contentHeight - part.contentY > part.height + Theme.m
    text: Shell.words["screen.more_below"] ?? ""
    onClicked: part.contentY = Math.min(part.contentY + part.height / 2, part.contentHeight - part.height)
    background: Rectangle {
        radius: height / 2
        color: more.pressed ? Theme.pressed : Theme.card
        border.width: Theme.hair
        border.color: Theme.border
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: "arrow-down"
            role: "seal"
            size: Theme.question
        }
    }
}
