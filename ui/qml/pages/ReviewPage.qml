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
    MoreBelow {
        anchors { right: parent.right; bottom: parent.bottom; margins: Theme.m }
        part: flick
    }
}
