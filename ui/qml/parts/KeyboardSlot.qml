pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// Where the keyboard stands: it rises when a FieldInput has the focus and types into that field, nowhere else.
Item {
    id: slot

    readonly property FieldInput field: Window.activeFocusItem as FieldInput
    readonly property bool raised: field !== null && !field.readOnly

    visible: raised
    implicitHeight: raised ? panel.height : 0

    Loader {
        id: panel
        width: slot.width
        active: slot.raised
        sourceComponent: PlainKeyboard {
            kind: slot.field?.keyboard ?? "english"
            language: Shell.language
            elder: Shell.elder
            onTyped: text => slot.put(text)
            onErased: slot.erase()
            onFinished: slot.field.finished()
        }
    }

    function put(text: string) {
        const room = slot.field.maximumLength - slot.field.length
        if (room > 0)
            slot.field.insert(slot.field.cursorPosition, text.slice(0, room))
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
