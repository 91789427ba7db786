"""What every group of settings is made of: frozen, described, unknown names refused."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, ValidationInfo


class Group(BaseModel):
    """One table of the settings file. Every field has a description; the reference page is made of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def described(text: str, default: Any = ..., **bounds: Any) -> Any:
    """A setting: what it means, in one sentence, its default (none: it must be given) and its bounds."""
    return Field(default, description=text, validate_default=True, **bounds)


def _placed(path: Path, info: ValidationInfo) -> Path:
    """A relative path is meant from the settings file's folder, wherever the program was started."""
    base = (info.context or {}).get("base")
    return path if base is None else base / path


Where = Annotated[Path, AfterValidator(_placed)]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
YesNo = Annotated[bool, Strict()]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
