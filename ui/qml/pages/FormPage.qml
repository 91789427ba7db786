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

    readonly property string message: FormScreen.message

    question: FormScreen.question
    onMessageChanged: if (message !== "") Qt.callLater(showMistake)

    // The first field that wants another look comes into sight.
    function showMistake() {
        for (let i = 0; i < boxes.count; i++) {
            const box = boxes.itemAt(i) as FieldBox
            if (box && box.error !== "") {
                page.reveal(box)
                return
            }
        }
    }

    Notice {
        Layout.fillWidth: true
        mark: "wait"
        text: page.message
    }
    Repeater {
        id: boxes
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
        function onContentHeightChanged() { if (page.current?.typing) page.reveal(page.current) }
    }
}
