"""The one style sheet of the application, and the palette beneath it.

Widgets choose their look by properties, never by a sheet of their own:

====================  =================================================================
``kind``              push and tool buttons: "main", "plain" (default), "quiet", "danger"
``small``             buttons: true for 24 high, default 30 ("size" is taken by Qt itself)
``square``            tool buttons: true for a 30 (26 small) pixel square
``segment``           true on a checkable button inside a ``QFrame[segmented="true"]``
``chip``              labels: "plain", "line", "due", "late", "accent", "ok"
``role``              labels: "label", "small", "caption", "section", "muted", "faint", "error",
                      "warn", "ok", "kbd": colour and size; larger type and every weight is
                      given with ``set_type(widget, "title", 600)``
``surface``           frames and widgets: "window", "surface", "sunken", "raised", "card",
                      "note", "warn", "sheet"
``rule``              frames one pixel thin: "line"
``bare``              line and text edits without a frame of their own
``invalid``           a field whose content cannot be used
====================  =================================================================

After changing a property call ``restyle(widget)``.
"""

from __future__ import annotations

from functools import cache
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme.manager import Theme, theme
from app.ui.theme.tokens import DARK, LIGHT, TYPE

_TYPE_PROPERTY = "seamline_type"

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $line_strong; padding: 4px 7px; }

QWidget[surface="window"] { background: $window; }
QWidget[surface="surface"] { background: $surface; }
QWidget[surface="sunken"] { background: $sunken; }
QWidget[surface="raised"] { background: $raised; }
QFrame[surface="card"] { background: $raised; border: 1px solid $line_strong; border-radius: 11px; }
QFrame[surface="note"] { background: $note; border: none; border-radius: 9px; }
QFrame[surface="warn"] { background: $warn_tint; border: none; }
QFrame[surface="sheet"] { background: $raised; border: none; border-radius: 16px; }
QFrame[rule="line"] { background: $line; border: none; }

QLabel { background: transparent; }
QLabel[role="small"] { color: $text_2; font-size: ${small_px}px; }
QLabel[role="caption"] { color: $text_3; font-size: ${caption_px}px; }
QLabel[role="section"] { color: $text_3; font-size: ${caption_px}px; }
QLabel[role="label"] { color: $text_2; font-size: ${small_px}px; }
QLabel[role="muted"] { color: $text_2; }
QLabel[role="faint"] { color: $text_3; }
QLabel[role="error"] { color: $danger; font-size: ${small_px}px; }
QLabel[role="warn"] { color: $warn; font-size: ${small_px}px; }
QLabel[role="ok"] { color: $ok; font-size: ${small_px}px; }
QLabel[role="kbd"] { color: $text_3; background: $surface; border: 1px solid $line_strong;
  border-radius: 4px; padding: 0 4px; min-height: 15px; max-height: 15px;
  font-size: ${micro_px}px; }
QLabel[chip] { border-radius: 5px; padding: 0 7px; min-height: 20px; max-height: 20px;
  font-size: ${caption_px}px; color: $text_2; background: $hover; }
QLabel[chip="line"] { background: transparent; border: 1px solid $line_strong;
  min-height: 18px; max-height: 18px; }
QLabel[chip="due"] { color: $warn; background: $warn_tint; }
QLabel[chip="late"] { color: $danger; background: $danger_tint; }
QLabel[chip="accent"] { color: $accent; background: $accent_tint; }
QLabel[chip="ok"] { color: $ok; background: $ok_tint; }

QPushButton, QToolButton { min-height: 28px; padding: 0 11px; border-radius: 7px;
  border: 1px solid $line_strong; background: $raised; color: $text; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: 0 10px;
  min-height: 26px; }
QPushButton:disabled, QToolButton:disabled { color: $text_off; }
QPushButton[kind="main"] { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[kind="main"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="main"]:pressed { background: $accent_press; }
QPushButton[kind="main"]:focus { border: 2px solid $focus_on_main; }
QPushButton[kind="main"]:disabled { background: $hover; border-color: $hover; color: $text_off; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent;
  border-color: transparent; color: $text_2; }
QPushButton[kind="quiet"]:disabled, QToolButton[kind="quiet"]:disabled { color: $text_off; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed, QToolButton[kind="quiet"]:pressed { background: $pressed; }
QPushButton[kind="quiet"]:checked, QToolButton[kind="quiet"]:checked {
  background: $hover; color: $text; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: $focus; }
QPushButton[kind="danger"] { color: $danger; border-color: $danger_line; }
QPushButton[kind="danger"]:focus { border-color: $danger; }
QPushButton[small="true"], QToolButton[small="true"] { min-height: 22px; padding: 0 8px;
  border-radius: 6px; font-size: ${small_px}px; }
QPushButton[small="true"]:focus, QToolButton[small="true"]:focus { min-height: 20px;
  padding: 0 7px; }
QToolButton[square="true"] { padding: 0; min-width: 28px; max-width: 28px;
  min-height: 28px; max-height: 28px; }
QToolButton[square="true"]:focus { padding: 0; min-width: 26px; max-width: 26px;
  min-height: 26px; max-height: 26px; }
QToolButton[square="true"][small="true"] { min-width: 24px; max-width: 24px;
  min-height: 24px; max-height: 24px; }
QToolButton[square="true"][small="true"]:focus { min-width: 22px; max-width: 22px;
  min-height: 22px; max-height: 22px; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QPushButton[find="true"] { text-align: left; padding: 0 9px; background: $surface;
  color: $text_3; }
QPushButton[find="true"]:focus { padding: 0 8px; }

QPushButton[many="true"] { background: $field; border-color: $line_field; }

QFrame[segmented="true"] { background: $hover; border-radius: 8px; border: none; }
QPushButton[segment="true"] { min-height: 22px; padding: 0 9px; border-radius: 6px;
  border: 1px solid transparent; background: transparent; color: $text_2;
  font-size: ${small_px}px; }
QPushButton[segment="true"]:hover { color: $text; }
QPushButton[segment="true"]:checked { background: $seg_on; color: $text;
  border-color: $line_strong; }
QPushButton[segment="true"]:focus { border: 2px solid $focus; padding: 0 8px; min-height: 20px; }

QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QSpinBox, QDateTimeEdit, QTimeEdit, QDateEdit {
  background: $field; color: $text; border: 1px solid $line_field; border-radius: 7px;
  padding: 5px 9px; placeholder-text-color: $text_3;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus,
QDateTimeEdit:focus, QTimeEdit:focus, QDateEdit:focus {
  border: 2px solid $focus; padding: 4px 8px; }
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {
  color: $text_off; border-color: $line_strong; }
QLineEdit[bare="true"], QTextEdit[bare="true"], QPlainTextEdit[bare="true"] {
  border: none; padding: 0; background: transparent; }
*[invalid="true"] { border-color: $danger; }
QComboBox::drop-down, QDateTimeEdit::drop-down { border: none; width: 22px; }
QDateTimeEdit::down-arrow { image: none; }
QComboBox QAbstractItemView, QListView[popup="true"] { background: $raised; color: $text;
  border: 1px solid $line_strong; selection-background-color: $accent_tint;
  selection-color: $text; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px;
  border: 1px solid $line_field; background: $field; border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked {
  background: $accent; border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }

QMenuBar { background: $window; color: $text_2; border: none; }
QMenuBar::item { padding: 4px 9px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $hover; color: $text; }
QMenu { background: $raised; color: $text; border: 1px solid $line_strong; padding: 5px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 6px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $text_off; }
QMenu::separator { height: 1px; background: $line; margin: 5px 4px; }
QMenu::icon { padding-left: 8px; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $line_strong; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 3px 2px 2px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 2px 2px 3px 2px; }
QScrollBar::handle:hover { background: $stitch; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $hover; border: none; border-radius: 3px; max-height: 6px;
  min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $line_strong; }
""")


def style_sheet(of: Theme) -> str:
    """The whole sheet with the values of one theme."""

    names = DARK if of.is_dark else LIGHT
    values = {name.replace("-", "_"): of.colour(name).name() for name in names}
    values["field"] = of.colour("sunken" if of.is_dark else "surface").name()
    values["focus_on_main"] = of.colour("text").name()
    sizes = {f"{style}_px": _pixels(style, of) for style in TYPE}
    return _SHEET.substitute(values, **sizes)


def apply_theme() -> None:
    """Give the application the font, palette and sheet of the current theme.

    Called once at the start and again when the theme changes; nothing else sets a sheet.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    now = theme()
    application.setFont(now.font("body"))
    # The stub asks for bytes, the binding for a string: it is a `const char *`.
    application.setFont(now.font("body", 500), "QAbstractButton")  # type: ignore[arg-type]
    application.setPalette(_palette(now))
    for effect, usual in _usual_effects().items():
        application.setEffectEnabled(effect, usual and not now.still)
    application.setStyleSheet(style_sheet(now))
    _refresh_type(application)


@cache
def _usual_effects() -> dict[Qt.UIEffect, bool]:
    """How menus, tooltips and the like come up where nobody asked for less motion."""
    effects = (
        Qt.UIEffect.UI_AnimateMenu,
        Qt.UIEffect.UI_FadeMenu,
        Qt.UIEffect.UI_AnimateCombo,
        Qt.UIEffect.UI_AnimateTooltip,
        Qt.UIEffect.UI_FadeTooltip,
        Qt.UIEffect.UI_AnimateToolBox,
    )
    return {effect: QApplication.isEffectEnabled(effect) for effect in effects}


def set_type(widget: QWidget, style: str, weight: int = 400, *, tabular: bool = False) -> None:
    """Give a widget a font of the theme, now and after every change of the theme.

    A weight has to be set this way: a style sheet cannot reach the axes of a variable font.
    """
    widget.setFont(theme().font(style, weight, tabular=tabular))
    widget.setProperty(_TYPE_PROPERTY, (style, weight, tabular))


def _refresh_type(application: QApplication) -> None:
    for widget in application.allWidgets():
        chosen = widget.property(_TYPE_PROPERTY)
        if chosen is not None:
            style, weight, tabular = chosen
            widget.setFont(theme().font(style, weight, tabular=tabular))


def restyle(widget: QWidget) -> None:
    """Look at the widget's properties again after one of them changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def _pixels(style: str, of: Theme) -> str:
    return f"{TYPE[style][0] * of.scale:g}"


def _palette(of: Theme) -> QPalette:
    palette = QPalette()
    roles: dict[QPalette.ColorRole, str] = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "sunken",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.PlaceholderText: "text-3",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on-accent",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Accent: "accent",
    }
    for role, token in roles.items():
        palette.setColor(role, of.colour(token))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(disabled, role, QColor(of.colour("text-off")))
    return palette
