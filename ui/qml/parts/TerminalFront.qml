import QtQuick
import Nuanting

// The terminal's front as it stands before the person, with the place lit where a hand is needed now.
Item {
    id: front

    property string spot
    readonly property real scaleX: picture.paintedWidth / drawn.width
    readonly property real inset: (width - picture.paintedWidth) / 2
    readonly property real above: (height - picture.paintedHeight) / 2
    readonly property rect drawn: Qt.rect(0, 0, 860, 740)
    readonly property var places: ({
        "card": Qt.rect(158, 418, 134, 88), "code": Qt.rect(316, 418, 134, 88), "slip": Qt.rect(316, 530, 134, 48),
        "pages": Qt.rect(158, 602, 292, 56), "locker": Qt.rect(556, 174, 232, 496)
    })
    readonly property var place: places[spot]
    readonly property bool lit: place !== undefined
    readonly property bool comesOut: spot === "slip" || spot === "pages" || spot === "locker"

    implicitHeight: Math.round(width * drawn.height / drawn.width)
    Accessible.role: Accessible.Graphic
    Accessible.name: Shell.words["screen.spot_" + (front.spot === "" ? "none" : front.spot)] ?? ""

    Image {
        id: picture
        anchors.fill: parent
        fillMode: Image.PreserveAspectFit
        sourceSize: Qt.size(Math.max(1, Math.round(front.height * front.drawn.width / front.drawn.height)),
                            Math.max(1, Math.round(front.height)))
        source: "image://drawing/terminal/" + Theme.scheme
        Accessible.ignored: true
    }
    Item {
        id: glow
        visible: front.lit
        x: front.inset + (front.place?.x ?? 0) * front.scaleX
        y: front.above + (front.place?.y ?? 0) * front.scaleX
        width: (front.place?.width ?? 0) * front.scaleX
        height: (front.place?.height ?? 0) * front.scaleX

        Rectangle {
            anchors { fill: parent; margins: -Theme.m }
            radius: Theme.radius + Theme.m
            color: "transparent"
            border.width: Theme.s
            border.color: Theme.lamp
            SequentialAnimation on opacity {
                running: front.lit && !Theme.calm
                loops: Animation.Infinite
                NumberAnimation { from: 1; to: 0.25; duration: Theme.breathe; easing.type: Easing.InOutSine }
                NumberAnimation { from: 0.25; to: 1; duration: Theme.breathe; easing.type: Easing.InOutSine }
            }
        }
        Rectangle {
            anchors { fill: parent; margins: -Theme.s }
            radius: Theme.radius
            color: "transparent"
            border.width: Theme.s
            border.color: Theme.seal
        }
    }
    Rectangle {
        id: badge
        visible: front.lit
        width: Theme.touch
        height: Theme.touch
        radius: width / 2
        color: Theme.seal
        x: glow.x + glow.width / 2 - width / 2
        y: glow.y - height - Theme.l
        Icon {
            anchors.centerIn: parent
            name: front.spot === "card" ? "id" : front.spot === "code" ? "qrcode" : front.spot === "pages" ? "file-text"
                : front.spot === "slip" ? "receipt" : "package"
            role: "onSeal"
            size: Theme.title
        }
        Rectangle {
            anchors { verticalCenter: parent.bottom; horizontalCenter: parent.horizontalCenter }
            width: Theme.lead
            height: width
            radius: width / 2
            color: Theme.card
            Icon {
                anchors.centerIn: parent
                name: front.comesOut ? "chevron-up" : "chevron-down"
                role: "seal"
                size: Math.round(parent.width * 0.7)
            }
        }
        transform: Translate {
            SequentialAnimation on y {
                running: front.lit && !Theme.calm
                loops: Animation.Infinite
                NumberAnimation { from: 0; to: Theme.s; duration: Theme.breathe / 2; easing.type: Easing.InOutSine }
                NumberAnimation { from: Theme.s; to: 0; duration: Theme.breathe / 2; easing.type: Easing.InOutSine }
            }
        }
    }
}
