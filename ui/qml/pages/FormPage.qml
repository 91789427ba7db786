pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// A form. The field in typing always stays in sight above the keyboard, and after it until a finger moves the page.
WorkPage {
    id: page

    shelf: false

    property FieldBox current: null
    property FieldBox mistake: null  // kept in sight while heights change, until a finger moves the page

    property string again: ""  // the field that is typed in while the page is made anew in another mode

    readonly property string message: FormScreen.message

    question: FormScreen.question
    onMessageChanged: if (message !== "") Qt.callLater(showMistake)

    // The first field that wants another look comes into sight, unless one is being typed in.
    function showMistake() {
        if (page.current?.typing)
            return
        for (let i = 0; i < boxes.count; i++) {
            const box = boxes.itemAt(i) as FieldBox
            if (box && box.error !== "") {
                page.mistake = box
                page.reveal(box)
                return
            }
        }
    }

    function keep() {
        const one = page.current?.typing ? page.current : page.mistake ?? page.current
        if (one)
            page.reveal(one)
    }

    Notice {
        Layout.fillWidth: true
        mark: Shell.choices.length > 0 ? "good" : "info"  // what was brought back may be begun anew
        text: FormScreen.note
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
            alone: Shell.elder && boxes.count === 1 && box.label !== "" && page.question.startsWith(box.label)
            epoch: FormScreen.epoch
            onEntered: text => FormScreen.type(field, text)
            Component.onCompleted: if (field === page.again) Qt.callLater(box.resume)
            onErrorChanged: if (error !== "") Qt.callLater(page.showMistake)
            onTypingChanged: if (typing) { page.current = box; page.mistake = null; page.reveal(box) }
            onHeightChanged: page.keep()
            onYChanged: page.keep()
        }
    }
    ChoiceList { Layout.fillWidth: true }
    Connections {
        target: Shell
        function onSwitching() { page.again = page.current?.typing ? page.current.field : "" }
    }
    Connections {
        target: page.flickable
        function onHeightChanged() { page.keep() }
        function onContentHeightChanged() { page.keep() }
        function onMovementStarted() {
            page.mistake = null
            if (!page.current?.typing)
                page.current = null
        }
    }
}
