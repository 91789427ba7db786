pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What is done with the person's data, in a few lines; the whole text is one touch away.
WorkPage {
    id: page

    property bool whole: false

    // The text opens where the eye is; closed, the page is again as it was.
    Connections {
        target: page.flickable
        enabled: page.whole
        function onContentHeightChanged() {
            page.flickable.contentY = Math.max(0, Math.min(opener.y, page.flickable.contentHeight - page.flickable.height))
        }
    }

    question: ConsentScreen.question
    onWholeChanged: if (!whole) flickable.contentY = 0

    Card {
        Layout.fillWidth: true
        implicitHeight: points.implicitHeight + Theme.l * 2
        ColumnLayout {
            id: points
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.l }
            spacing: Theme.l
            Repeater {
                model: ConsentScreen.points
                delegate: RowLayout {
                    id: point
                    required property string modelData
                    required property int index
                    Layout.fillWidth: true
                    spacing: Theme.m
                    Rectangle {
                        Layout.alignment: Qt.AlignTop
                        Layout.preferredWidth: Math.round(Theme.lead * 1.4)
                        Layout.preferredHeight: Math.round(Theme.lead * 1.4)
                        radius: width / 2
                        color: Theme.sealGround
                        Say {
                            anchors.centerIn: parent
                            text: point.index + 1
                            font.pixelSize: Theme.label
                            font.bold: true
                            lineHeight: 1
                            Accessible.ignored: true
                        }
                    }
                    Say {
                        Layout.fillWidth: true
                        text: point.modelData
                        font.pixelSize: Theme.lead
                    }
                }
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        visible: ConsentScreen.office !== ""
        spacing: Theme.m
        Icon { name: "building"; role: "soft"; size: Theme.lead }
        Say {
            Layout.fillWidth: true
            text: ConsentScreen.office
            color: Theme.soft
        }
    }
    BigButton {
        id: opener
        Layout.fillWidth: true
        Layout.preferredHeight: Math.max(Theme.touch, implicitHeight)
        visible: ConsentScreen.full !== ""
        iconName: page.whole ? "chevron-up" : "chevron-down"
        text: (page.whole ? Shell.words["screen.hide_whole_text"] : Shell.words["screen.show_whole_text"]) ?? ""
        onClicked: page.whole = !page.whole
    }
    Card {
        id: terms
        Layout.fillWidth: true
        visible: page.whole
        implicitHeight: full.implicitHeight + Theme.l * 2
        Say {
            id: full
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.l }
            text: ConsentScreen.full
            font.pixelSize: Theme.body
        }
    }
    // Whoever has read to the end closes it where they are.
    BigButton {
        Layout.fillWidth: true
        Layout.preferredHeight: Math.max(Theme.touch, implicitHeight)
        visible: page.whole
        iconName: "chevron-up"
        text: Shell.words["screen.hide_whole_text"] ?? ""
        onClicked: page.whole = false
    }
    ChoiceList { Layout.fillWidth: true }
}
