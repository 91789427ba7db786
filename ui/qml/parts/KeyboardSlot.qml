pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../keyboard"

// Where the keyboard stands: it rises when a FieldInput has the focus and types into that field, nowhere else.
Item {
    id: slot

    readonly property FieldInput field: Window.activeFocusItem as FieldInput
    readonly property bool raised: field !== null && !field.readOnly
    property real most: 0  // the height it may take; 0 for any

    visible: raised
    implicitHeight: raised ? panel.height : 0

    Loader {
        id: panel
        width: slot.width
        active: slot.raised
        sourceComponent: KeyboardPanel {
            kind: slot.field?.keyboard ?? "english"
            language: Shell.language
            owner: slot.field
            most: slot.most
            onTyped: text => slot.put(text)
            onErased: slot.erase()
            onCleared: slot.field.clear()
            onFinished: slot.field.finished()
        }
    }

    function put(text: string) {
        const room = slot.field.maximumLength - slot.field.length
        let fitting = text.slice(0, Math.max(0, room))
        if (/[\uD800-\uDBFF]$/.test(fitting))
            fitting = fitting.slice(0, -1)
        slot.field.insert(slot.field.cursorPosition, fitting)
    }
    function erase() {
        const at = slot.field.cursorPosition
        const before = slot.field.text.slice(0, at)
        // A rare character is two code units: it goes whole.
        const size = /[\uDC00-\uDFFF]$/.test(before) ? 2 : 1
        if (at > 0)
            slot.field.remove(at - size, at)
    }
}
