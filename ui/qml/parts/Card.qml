import QtQuick
import Nuanting

// A sheet on the table: white on paper, a thin line around.
Rectangle {
    color: Theme.card
    radius: Theme.radius
    border.width: Theme.hair
    border.color: Theme.line
}
