pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// Card, code or pickup code: the place that waits is lit in the picture as it is on the terminal.
WorkPage {
    id: page

    readonly property bool byCode: IdentifyScreen.ways.includes("pickup_code")

    // While the code is typed, its field stays in sight, and as far as there is room its label and the button below.
    function follow() {
        if (!pickup.active)
            return
        page.reveal(ways)
        page.reveal(pickup)
        page.reveal(pickup.place)
    }

    question: IdentifyScreen.question

    Notice {
        Layout.fillWidth: true
        mark: IdentifyScreen.state === "refused" ? "fault" : "info"
        text: IdentifyScreen.message
    }
    TerminalFront {
        Layout.fillWidth: true
        Layout.preferredHeight: Math.round(Math.min(Theme.height * (page.byCode || Theme.elder ? 0.29 : 0.42), Math.max(Theme.xxl * (page.byCode ? 3 : 4), page.height * (page.byCode ? 0.34 : IdentifyScreen.message === "" ? 0.48 : 0.4))))
        spot: IdentifyScreen.spot
    }
    Row {
        Layout.alignment: Qt.AlignHCenter
        visible: IdentifyScreen.state === "reading"
        spacing: Theme.m
        Repeater {
            model: 3
            delegate: Rectangle {
                id: dot
                required property int index
                width: Theme.m
                height: Theme.m
                radius: width / 2
                color: Theme.seal
                SequentialAnimation on opacity {
                    running: dot.visible && !Theme.calm
                    loops: Animation.Infinite
                    PauseAnimation { duration: Theme.slide * dot.index }
                    NumberAnimation { from: 1; to: 0.2; duration: Theme.breathe / 3 }
                    NumberAnimation { from: 0.2; to: 1; duration: Theme.breathe / 3 }
                    PauseAnimation { duration: Theme.slide * (3 - dot.index) }
                }
            }
        }
    }
    Repeater {
        model: IdentifyScreen.ways.filter(way => way !== "pickup_code")
        delegate: RowLayout {
            id: way
            required property string modelData
            Layout.fillWidth: true
            spacing: Theme.l
            Rectangle {
                Layout.preferredWidth: Theme.touch
                Layout.preferredHeight: Theme.touch
                radius: Theme.radius
                color: Theme.sealGround
                Icon {
                    anchors.centerIn: parent
                    name: way.modelData === "card" ? "id" : way.modelData === "slip" ? "receipt" : "qrcode"
                    role: "seal"
                    size: Theme.title
                }
            }
            Say {
                Layout.fillWidth: true
                text: Shell.words["screen.way_" + way.modelData] ?? ""
                font.pixelSize: Theme.lead
            }
        }
    }
    PickupCode {
        id: pickup
        Layout.fillWidth: true
        visible: page.byCode
        onActiveChanged: page.follow()
        onYChanged: page.follow()
        onHeightChanged: page.follow()
    }
    ChoiceList {
        id: ways
        Layout.fillWidth: true
    }
    Connections {
        target: page.flickable
        function onHeightChanged() { page.follow() }
        function onContentHeightChanged() { page.follow() }
    }
}
