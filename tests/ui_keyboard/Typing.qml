import QtQuick
import Nuanting
import "../../ui/qml/parts"
import "../../ui/qml/keyboard"

// A field above the keyboard, as the keyboard's slot has it.
Window {
    id: window

    property string kind: "address"
    property string language: "zh"
    property bool second: false

    width: Theme.width
    height: Theme.height
    color: Theme.paper

    FieldInput {
        id: field
        objectName: "field"
        anchors { left: parent.left; right: parent.right; bottom: panel.top; margins: Theme.xl }
        keyboard: window.kind
        focus: true
    }
    FieldInput {
        id: other
        objectName: "other"
        anchors { left: parent.left; right: parent.right; bottom: field.top; margins: Theme.xl }
    }
    KeyboardPanel {
        id: panel
        objectName: "panel"
        readonly property FieldInput at: window.second ? other : field
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        kind: window.kind
        language: window.language
        owner: at
        onTyped: text => at.insert(at.cursorPosition, text)
        onErased: if (at.cursorPosition > 0) at.remove(at.cursorPosition - 1, at.cursorPosition)
        onCleared: at.clear()
        onFinished: at.focus = false
    }
}
