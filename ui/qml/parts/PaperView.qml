pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// The very pages that will be kept: one at a time, to be turned and looked at closely. What does not fit is dragged,
// touched to come to the middle, or moved by the arrows under the page: nothing ever lies on the page itself.
ColumnLayout {
    id: view

    property var pages: []
    property int at: 0
    property bool close: false
    property bool whole: false // numbers too
    property int least: Theme.xxl * 4 // height of the page's room
    readonly property string name: pages[at] ?? ""

    spacing: Theme.m
    onPagesChanged: at = 0
    onNameChanged: sheet.contentX = sheet.contentY = 0

    Rectangle {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: view.least
        color: Theme.sunk
        radius: Theme.radius
        clip: true

        Cover { anchors.fill: parent; z: 1 }
        Flickable {
            id: sheet
            visible: !Shell.covered
            anchors { fill: parent; margins: Theme.m }
            contentWidth: paper.width
            contentHeight: paper.height
            boundsBehavior: Flickable.StopAtBounds
            interactive: view.close
            clip: true

            Item {
                id: paper
                readonly property real ratio: picture.implicitWidth > 0 ? picture.implicitHeight / picture.implicitWidth : 1.414
                readonly property real whole: Math.min(sheet.width, sheet.height / ratio)
                width: view.close ? Math.max(sheet.width * 1.6, 1) : sheet.width
                height: view.close ? Math.max(width * ratio, sheet.height) : sheet.height

                Image {
                    id: picture
                    anchors.centerIn: parent
                    width: view.close ? paper.width : paper.whole
                    height: width * paper.ratio
                    asynchronous: true
                    cache: false
                    mipmap: true
                    source: view.name === "" ? "" : "image://papers/" + view.name + (view.whole ? "/whole" : "")
                    Accessible.role: Accessible.Graphic
                    Accessible.name: pager.Accessible.name
                }
                Rectangle {
                    anchors.fill: picture
                    color: "transparent"
                    border.width: Theme.hair
                    border.color: Theme.border
                }
                TapHandler {
                    onTapped: point => sheet.bring(point.position.x, point.position.y)
                }
            }
            // A touched place comes to the middle, as far as the page goes.
            function bring(x: real, y: real) {
                contentX = Math.max(0, Math.min(x - width / 2, contentWidth - width))
                contentY = Math.max(0, Math.min(y - height / 2, contentHeight - height))
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.m

        BigButton {
            Layout.preferredHeight: Theme.touch
            visible: view.pages.length > 1
            enabled: view.at > 0
            opacity: enabled ? 1 : 0
            iconName: "chevron-left"
            text: Shell.words["screen.page_before"] ?? ""
            onClicked: view.at -= 1
        }
        Say {
            id: pager
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: Theme.label
            color: Theme.soft
            text: (view.at + 1) + " / " + view.pages.length
            Accessible.name: (Shell.words["screen.page_of"] ?? "").replace("{n}", view.at + 1).replace("{all}", view.pages.length)
        }
        BigButton {
            Layout.preferredHeight: Theme.touch
            visible: view.pages.length > 1
            enabled: view.at < view.pages.length - 1
            opacity: enabled ? 1 : 0
            iconName: "chevron-right"
            iconAfter: true
            text: Shell.words["screen.page_after"] ?? ""
            onClicked: view.at += 1
        }
        BigButton {
            Layout.preferredHeight: Theme.touch
            iconName: view.close ? "zoom-out" : "zoom-in"
            text: (view.close ? Shell.words["screen.whole_page"] : Shell.words["screen.look_closer"]) ?? ""
            onClicked: view.close = !view.close
        }
    }
    // For who cannot drag. A way that goes no further is not there; the others stay where they are.
    RowLayout {
        Layout.alignment: Qt.AlignHCenter
        visible: view.close && !Shell.covered
        spacing: Theme.m

        Repeater {
            model: [{ name: "chevron-left", more: sheet.contentX > 1, x: -1, y: 0 },
                    { name: "chevron-up", more: sheet.contentY > 1, x: 0, y: -1 },
                    { name: "chevron-down", more: sheet.contentY < sheet.contentHeight - sheet.height - 1, x: 0, y: 1 },
                    { name: "chevron-right", more: sheet.contentX < sheet.contentWidth - sheet.width - 1, x: 1, y: 0 }]
            delegate: BigButton {
                id: way
                required property var modelData
                readonly property bool furniture: true // who listens hears the page line by line
                objectName: modelData.name
                Layout.preferredWidth: Theme.touch
                Layout.preferredHeight: Theme.touch
                enabled: modelData.more
                opacity: enabled ? 1 : 0
                text: Shell.words["screen.more_" + modelData.name.replace("chevron-", "")] ?? ""
                contentItem: Item {
                    Icon {
                        anchors.centerIn: parent
                        name: way.modelData.name
                        role: "seal"
                        size: Theme.question
                    }
                }
                onClicked: sheet.bring(sheet.contentX + sheet.width * (0.5 + 0.7 * modelData.x),
                                       sheet.contentY + sheet.height * (0.5 + 0.7 * modelData.y))
            }
        }
    }
}
