import QtQuick
import QtQuick.Templates as T
import Nuanting

// Everything that can be touched: a name, a role, and never smaller than a thumb. The keyboard's field keeps its focus.
T.AbstractButton {
    id: touch

    implicitWidth: Math.max(Theme.touch, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Math.max(Theme.touch, implicitContentHeight + topPadding + bottomPadding)
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: touch.text
    Accessible.onPressAction: touch.click()
}
