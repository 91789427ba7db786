import QtQuick
import Nuanting

// The one question of a page.
Say {
    font.pixelSize: Theme.question
    font.bold: true
    Accessible.role: Accessible.Heading
}
