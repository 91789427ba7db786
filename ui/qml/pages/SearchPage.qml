pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// Search: results while typing. Nothing of it is kept.
WorkPage {
    id: page

    // What is typed stays in sight whatever is found below it.
    function keep() {
        if (input.activeFocus)
            page.reveal(box)
    }

    shelf: false
    question: input.activeFocus ? "" : SearchScreen.question
    onVisibleChanged: if (visible && SearchScreen.typed === "") Qt.callLater(input.forceActiveFocus)
    Component.onCompleted: if (SearchScreen.typed === "") Qt.callLater(input.forceActiveFocus)

    Say {
        Layout.fillWidth: true
        visible: !(Theme.elder && input.activeFocus)  // while typing in large type, the field comes first
        text: SearchScreen.label
        font.bold: true
    }
    Rectangle {
        id: box
        Layout.fillWidth: true
        implicitHeight: Math.max(Theme.bar, Math.max(input.contentHeight, hint.visible ? hint.height : 0) + Theme.m * 2)
        radius: Theme.radius
        color: Theme.card
        border.width: input.activeFocus ? Theme.stroke : Theme.hair
        border.color: input.activeFocus ? Theme.seal : Theme.border
        onYChanged: page.keep()

        Icon {
            id: glass
            anchors { left: parent.left; leftMargin: Theme.m; verticalCenter: parent.verticalCenter }
            name: "search"
            role: "soft"
            size: Theme.question
        }
        FieldInput {
            id: input
            objectName: "search"
            anchors { left: glass.right; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.m }
            height: Math.max(contentHeight, Theme.lead)
            keyboard: Shell.language === "en" ? "english" : "pinyin"
            maximumLength: 40
            Accessible.role: Accessible.EditableText
            Accessible.name: SearchScreen.label
            Accessible.description: SearchScreen.hint
            onTextChanged: SearchScreen.write(text)
            Component.onCompleted: text = SearchScreen.typed
        }
        Say {
            id: hint
            anchors { left: input.left; right: input.right; verticalCenter: parent.verticalCenter }
            visible: input.text === ""
            text: SearchScreen.hint
            color: Theme.soft
            Accessible.ignored: true
        }
        MouseArea {
            anchors.fill: parent
            enabled: !input.activeFocus
            onClicked: {
                input.cursorPosition = input.length
                input.forceActiveFocus()
            }
        }
    }
    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: SearchScreen.message
    }
    ItemGrid {
        Layout.fillWidth: true
        items: SearchScreen.items
    }
    Say {
        Layout.fillWidth: true
        visible: text !== ""
        text: SearchScreen.heading
        font.pixelSize: Theme.lead
        font.bold: true
        Accessible.role: Accessible.Heading
    }
    EventGrid {
        Layout.fillWidth: true
        events: SearchScreen.events
    }
    WayRow {
        Layout.fillWidth: true
        visible: choices.length > 0 && (!input.activeFocus || SearchScreen.message !== "")
    }
    Connections {
        target: page.flickable
        // Whoever pushes the page looks at what was found: the keyboard makes room for it.
        function onMovementStarted() { input.focus = false }
        function onHeightChanged() { page.keep() }
        function onContentHeightChanged() { page.keep() }
    }
    Connections {
        target: SearchScreen
        function onTypedChanged() {
            if (input.text !== SearchScreen.typed)
                input.text = SearchScreen.typed
        }
    }
}
