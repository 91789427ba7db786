import QtQuick
import Nuanting

// Candidates in place of the keys.
Cells {
    rows: Keyboard.gridRows
}
