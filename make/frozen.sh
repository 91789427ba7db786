#!/usr/bin/env bash
# Builds the one-folder program, then looks into it and starts it once, offscreen.
set -euo pipefail

.venv/bin/pyinstaller --noconfirm --clean --log-level WARN --distpath dist --workpath build/pyinstaller kiosk.spec
.venv/bin/python make/frozen_check.py dist/nuanting build/pyinstaller/kiosk/warn-kiosk.txt
