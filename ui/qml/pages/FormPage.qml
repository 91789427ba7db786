pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// A form. The field in typing always stays in sight above the keyboard.
WorkPage {
    id: page

    shelf: false

    property FieldBox current: null

    question: FormScreen.question

    Notice {
        Layout.fillWidth: true
        mark: "wait"
        text: FormScreen.message
    }
    Repeater {
        model: FormScreen.fields
        delegate: FieldBox {
            id: box
            Layout.fillWidth: true
            epoch: FormScreen.epoch
            onEntered: text => FormScreen.type(field, text)
            onTypingChanged: if (typing) { page.current = box; page.reveal(box) }
            onHeightChanged: if (typing) page.reveal(box)
        }
    }
    ChoiceList { Layout.fillWidth: true }
    Connections {
        target: page.flickable
        function onHeightChanged() { if (page.current?.typing) page.reveal(page.current) }
    }
}
