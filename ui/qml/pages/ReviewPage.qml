pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// The very page that will be kept, and what pressing the button means. In large type what is written on it stands above
// it in large letters: the picture alone would be too small to check by.
Item {
    id: page

    readonly property int edge: Theme.wide ? Theme.l : Theme.xl
    readonly property bool listed: Shell.elder && ReviewScreen.lines.length > 0

    // A number as the picture has it: its ends, of a short one nothing. Days are no numbers.
    function veiled(text: string): string {
        return text.replace(/\d(?:[ -]?\d){6,}[Xx]?/g, found => {
            if (/^\d{4}-\d\d-\d\d$/.test(found))
                return found
            const head = found.length <= 8 ? 0 : found.length < 15 ? 3 : 4
            const tail = head === 0 ? 0 : 4
            return found.slice(0, head) + "*".repeat(found.length - head - tail) + found.slice(found.length - tail)
        })
    }

    property bool due: false

    // Who looks closely has the page and its buttons in sight.
    function lookAt() {
        due = false
        const below = papers.mapToItem(flick.contentItem, 0, Math.max(papers.height, papers.implicitHeight)).y + Theme.m
        if (papers.close && below > flick.contentY + flick.height)
            flick.contentY = Math.min(below, flick.contentHeight) - flick.height
    }

    Flickable {
        id: flick
        anchors.fill: parent
        contentWidth: width
        contentHeight: Math.max(height, column.implicitHeight + Theme.m * 2)
        boundsBehavior: Flickable.StopAtBounds
        flickableDirection: Flickable.VerticalFlick
        interactive: contentHeight > height
        clip: true
        onContentHeightChanged: if (page.due) Qt.callLater(page.lookAt)

        GridLayout {
            id: column
            columns: 1
            x: page.edge
            y: Theme.m
            width: flick.width - page.edge * 2
            height: flick.contentHeight - Theme.m * 2
            rowSpacing: Theme.m

            Question {
                Layout.row: 0
                Layout.fillWidth: true
                text: ReviewScreen.question
            }
            Card {
                Layout.row: 1
                Layout.fillWidth: true
                visible: page.listed
                // Covered, its height tells nothing of the answers either.
                implicitHeight: Shell.covered ? Theme.xxl : answers.implicitHeight + Theme.m * 2
                Cover {
                    anchors.fill: parent
                    Accessible.ignored: true
                }
                GridLayout {
                    id: answers
                    anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.m }
                    visible: !Shell.covered
                    columns: Theme.wide ? 2 : 1
                    uniformCellWidths: true
                    columnSpacing: Theme.l
                    rowSpacing: Theme.m
                    Repeater {
                        model: page.listed ? ReviewScreen.lines : []
                        delegate: ColumnLayout {
                            id: answer
                            required property var modelData
                            Layout.fillWidth: true
                            Layout.alignment: Qt.AlignTop
                            spacing: 0
                            Say {
                                Layout.fillWidth: true
                                text: answer.modelData.name
                                color: Theme.soft
                                font.pixelSize: Theme.label
                                Accessible.ignored: true
                            }
                            Say {
                                Layout.fillWidth: true
                                objectName: "answer"
                                text: asked.running ? answer.modelData.text : page.veiled(answer.modelData.text)
                                secret: "line"
                                Accessible.name: answer.modelData.name
                                Accessible.description: answer.modelData.text
                                font.pixelSize: Theme.lead
                            }
                        }
                    }
                }
            }
            PaperView {
                id: papers
                Layout.row: page.listed ? 3 : 2
                Layout.fillWidth: true
                Layout.fillHeight: true
                least: Shell.elder ? Math.round(Math.min(Theme.xxl * 5, page.height * 0.62)) : Theme.xxl * 4
                pages: ReviewScreen.pages
                whole: asked.running
                onPagesChanged: asked.stop()
                onCloseChanged: page.due = close
            }
            // Whoever stands behind reads no number; the person looks at all of it for a moment.
            RowLayout {
                Layout.row: page.listed ? 2 : 3
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
                    Layout.maximumWidth: Math.round(column.width * 0.35)
                    iconName: asked.running ? "eye-off" : "eye"
                    text: (asked.running ? Shell.words["screen.cover_numbers"] : Shell.words["screen.show_numbers"]) ?? ""
                    onClicked: asked.running ? asked.stop() : asked.start()
                }
            }
            // What is written on the page, for who does not see it: heard line by line, where it is not drawn.
            Item {
                id: written
                Layout.row: 4
                Layout.fillWidth: true
                Layout.topMargin: -column.rowSpacing
                Repeater {
                    model: page.listed && !Shell.covered ? [] : ReviewScreen.lines
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
                Layout.row: 5
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
