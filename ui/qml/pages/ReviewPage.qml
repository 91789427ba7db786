pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// The very page that will be kept, and what pressing the button means.
Item {
    id: page

    readonly property int edge: Theme.wide ? Theme.l : Theme.xl

    Flickable {
        id: flick
        anchors.fill: parent
        contentWidth: width
        contentHeight: Math.max(height, column.implicitHeight + Theme.m * 2)
        boundsBehavior: Flickable.StopAtBounds
        flickableDirection: Flickable.VerticalFlick
        interactive: contentHeight > height
        clip: true

        ColumnLayout {
            id: column
            x: page.edge
            y: Theme.m
            width: flick.width - page.edge * 2
            height: flick.contentHeight - Theme.m * 2
            spacing: Theme.m

            Question {
                Layout.fillWidth: true
                text: ReviewScreen.question
            }
            PaperView {
                id: papers
                Layout.fillWidth: true
                Layout.leftMargin: Shell.elder ? Theme.m - page.edge : 0
                Layout.rightMargin: Layout.leftMargin
                Layout.fillHeight: true
                pages: ReviewScreen.pages
                whole: asked.running
                onPagesChanged: asked.stop()
            }
            // Whoever stands behind reads no number; the person looks at all of it for a moment.
            RowLayout {
                Layout.fillWidth: true
                visible: !Shell.covered
                spacing: Theme.m
                Icon {
                    Layout.alignment: Qt.AlignVCenter
                    name: asked.running ? "eye" : "eye-off"
                    role: "soft"
                    size: Theme.lead
                }
                Say {
                    Layout.fillWidth: true
                    text: (asked.running ? Shell.words["screen.numbers_shown"] : Shell.words["screen.numbers_covered"]) ?? ""
                    color: Theme.soft
                    font.pixelSize: Theme.label
                }
                BigButton {
                    Layout.preferredHeight: Theme.touch
                    iconName: asked.running ? "eye-off" : "eye"
                    text: (asked.running ? Shell.words["screen.cover_numbers"] : Shell.words["screen.show_numbers"]) ?? ""
                    onClicked: asked.running ? asked.stop() : asked.start()
                }
            }
            // What is written on the page, for who does not see it: heard line by line, drawn nowhere.
            Item {
                id: written
                Layout.fillWidth: true
                Layout.topMargin: -parent.spacing
                Repeater {
                    model: ReviewScreen.lines
                    delegate: Item {
                        required property var modelData
                        readonly property string secret: "line"
                        y: -papers.height
                        width: written.width
                        height: papers.height
                        Accessible.role: Accessible.StaticText
                        Accessible.name: modelData.name
                        Accessible.description: modelData.text
                    }
                }
            }
            Notice {
                Layout.fillWidth: true
                mark: "info"
                text: ReviewScreen.promise
            }
        }
    }
    Timer {
        id: asked
        interval: 10000
    }
    Connections {
        target: Shell
        function onVisitChanged() { asked.stop() }
        function onModesChanged() { if (Shell.covered) asked.stop() }
    }
    MoreBelow {
        anchors { right: parent.right; bottom: parent.bottom; margins: Theme.m }
        part: flick
    }
}
