import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// The very page that will be kept, and what pressing the button means.
Item {
    ColumnLayout {
        anchors { fill: parent; leftMargin: Theme.xl; rightMargin: Theme.xl; topMargin: Theme.m; bottomMargin: Theme.m }
        spacing: Theme.m

        Question {
            Layout.fillWidth: true
            text: ReviewScreen.question
        }
        PaperView {
            Layout.fillWidth: true
            Layout.leftMargin: Shell.elder ? Theme.m - Theme.xl : 0
            Layout.rightMargin: Layout.leftMargin
            Layout.fillHeight: true
            pages: ReviewScreen.pages
        }
        Notice {
            Layout.fillWidth: true
            mark: "info"
            text: ReviewScreen.promise
        }
    }
}
