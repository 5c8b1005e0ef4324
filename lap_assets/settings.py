"""The settings: one typed object, read from environment variables `LAP_*`; every number that a user may change."""

import re
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lap_assets.core.errors import SettingsError
from lap_assets.core.home import DEFAULT, Home
from lap_assets.core.picture_limits import MAX_BYTES, MAX_FRAMES, MAX_PIXELS, MAX_SCANS, Limits
from lap_assets.core.plain_text import printable
from lap_assets.setting_faults import PREFIX, problem_of, variable
from lap_assets.setting_texts import check_folder, parse_pause, parse_replica, parse_shares

# The demo asks for no download: these are in the package.
_OF_THE_DEMO: Final = {
    "embedder": "lap-tiny", "face_detector": "lap-tiny", "head_detector": "lap-tiny", "upscaler": "lanczos",
}  # fmt: skip
_MOST: Final = 1e6  # days, minutes, hours or seconds; and more than any clock reaches
_MOST_COUNT: Final = 10**12


class Settings(BaseSettings):
    """How LAP runs. Each field `x` is the environment variable `LAP_X`; one that is set to nothing is not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, allow_inf_nan=False, extra="ignore"
    )

    home: Path = Field(Path(DEFAULT), description="the folder that everything lies in; may be a shared mount")
    mal_source: Literal["pages", "api"] = Field(
        "pages", description="what MAL is asked through: its pages or its API; api where there is a client id"
    )
    mal_client_id: str = Field("", description="the client id that MAL's API asks for; sent to the API alone")
    sites_url: str | None = Field(None, description="a replica's root on this machine; both sites are asked below it")
    pause: str = Field("1-4", description="seconds between two requests to a site: one number or a range")
    contact: str = Field("", description="e-mail or address at which the sites' owners reach you; sent with requests")
    permission: str = Field("", description="who permits that the real sites' pages are read, or on what ground")
    request_seconds: float = Field(120, gt=0, le=_MOST, description="seconds that one whole answer may take")
    longest_wait: float = Field(
        300, gt=0, le=_MOST, description="seconds up to which a run obeys Retry-After and Crawl-delay by waiting"
    )
    longest_break: float = Field(
        24, gt=0, le=_MOST, description="hours that a site is left alone at most, whatever its Retry-After asks for"
    )
    budget_requests: int | None = Field(
        None,
        ge=1,
        le=_MOST_COUNT,
        description="requests to a site, for one run over one partition; posters take three at least",
    )
    budget_minutes: float | None = Field(
        None, gt=0, le=_MOST, description="minutes that one run over one partition may take"
    )
    revisit_days: float = Field(120, ge=0, le=_MOST, description="days after which a page of pictures is read again")
    revisit_days_newest: float = Field(7, ge=0, le=_MOST, description="the same for the newest subfolder")
    sweep_days: float = Field(
        7, ge=0, le=_MOST, description="days after which the newest pages of MAL's listing are read again"
    )
    sweep_pages: int = Field(
        40, ge=1, le=_MOST_COUNT, description="how many pages of the listing a routine sweep reads"
    )
    whole_sweep_days: float = Field(
        365, ge=0, le=_MOST, description="days after which MAL's whole listing is read again"
    )
    update_pages: int = Field(
        8, ge=1, le=_MOST_COUNT, description="how many pages of World Art's list of updates a walk reads at most"
    )
    attempts: int = Field(
        3, ge=1, le=_MOST_COUNT, description="how often automation tries what fails, until an input changes"
    )
    probe_ids: int = Field(
        100, ge=1, le=_MOST_COUNT, description="missing World Art ids in a row that mean there are no more"
    )
    rules: str | None = Field(None, description="JSON that overrides parts of the table of rules for duplicates")
    embedder: str = Field("animesion-vit-l16", description="the model that finds near posters, or none")
    face_detector: str = Field("hysts-faster-rcnn", description="the model that finds faces, or none")
    head_detector: str = Field("grapeot-yolov3", description="the model that finds heads, or none")
    compared_face_detectors: str = Field(
        "", description="further face detectors, commas between, that detector_report compares on reviewed images"
    )
    compared_head_detectors: str = Field("", description="the same for heads")
    upscaler: str = Field("realesrgan-anime-6b", description="what enlarges small posters: a model, lanczos, or none")
    splits: str = Field("80/10/10", description="percents of a release for training, validation and test")
    least_score: float = Field(
        0.5, ge=0, le=1, description="the least score of a detector's boxes in a release's YOLO and VOC folders"
    )
    annotations_licence: str = Field("", description="the licence of the boxes that a release names")
    device: str | None = Field(None, description="torch's name for where models run (cpu, cuda, cuda:1); else the best")
    broker_url: str | None = Field(
        None, repr=False, description="the Redis that a cluster's workers meet at; else none"
    )
    worker_silence: float = Field(
        60, gt=0, le=_MOST, description="seconds without an answer after which a worker counts as dead"
    )
    keep_models: bool = Field(False, description="whether a process keeps the models that it has loaded")
    max_pixels: int = Field(
        MAX_PIXELS, ge=1, le=_MOST_COUNT, description="a picture with more pixels is refused before decoding"
    )
    max_picture_bytes: int = Field(
        MAX_BYTES, ge=1, le=_MOST_COUNT, description="a picture file with more bytes is refused"
    )
    max_jpeg_scans: int = Field(
        MAX_SCANS, ge=1, le=_MOST_COUNT, description="a JPEG with more scans is refused before decoding"
    )
    max_frames: int = Field(MAX_FRAMES, ge=1, le=_MOST_COUNT, description="an animation with more frames is refused")

    @model_validator(mode="before")
    @classmethod
    def _prefer_the_api(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Whoever has a client id and names no source asks MAL's API."""
        return {"mal_source": "api", **values} if values.get("mal_client_id") else values

    @field_validator("sites_url")
    @classmethod
    def _is_loopback(cls, value: str | None) -> str | None:
        return None if value is None else parse_replica(value)

    @field_validator("home")
    @classmethod
    def _has_short_names(cls, value: Path) -> Path:
        return check_folder(value)

    @field_validator("mal_client_id")
    @classmethod
    def _is_a_word(cls, value: str) -> str:
        if not re.fullmatch(r"[!-~]*", value):
            raise ValueError("expected the id as MAL shows it: letters and digits, no spaces")
        return value

    @field_validator("permission", "annotations_licence")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if printable(value) != value:
            raise ValueError("expected one line of text, without line breaks or other control characters")
        return value

    @field_validator("broker_url")
    @classmethod
    def _is_redis(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://")):
            raise ValueError("expected a Redis address, such as redis://host:6379/0")
        return value or None

    @field_validator("pause")
    @classmethod
    def _is_range(cls, value: str) -> str:
        parse_pause(value)
        return value

    @field_validator("splits")
    @classmethod
    def _is_shares(cls, value: str) -> str:
        parse_shares(value)
        return value

    @classmethod
    def load(cls) -> Self:
        """Reads the environment; `lap_assets.startup` also checks names of models and the rules.

        Models that the environment does not name are the demo's where the home is a demo's.

        Raises:
            SettingsError: variables hold what they cannot; a line names each.
        """
        try:
            made = cls()
            return made.for_demo() if Home(made.home).demo_mark.exists() else made
        except ValidationError as error:
            raise SettingsError(*(problem_of(one, cls.model_fields) for one in error.errors())) from None

    def as_environment(self) -> dict[str, str]:
        """The variables that give these settings in another process; the home as an absolute path."""
        values = {**self.model_dump(exclude_none=True), "home": self.home.absolute()}
        return {variable(name): str(value) for name, value in values.items()}

    def for_demo(self) -> Self:
        """The same settings with the small models that are in the package, where nobody has named others."""
        unnamed = {name: model for name, model in _OF_THE_DEMO.items() if name not in self.model_fields_set}
        return self.model_copy(update=unnamed)

    @property
    def pause_seconds(self) -> tuple[float, float]:
        """Shortest and longest wait between two requests to one site."""
        return parse_pause(self.pause)

    @property
    def picture_limits(self) -> Limits:
        """How large a picture may be."""
        return Limits(self.max_pixels, self.max_picture_bytes, self.max_jpeg_scans, self.max_frames)

    @property
    def is_replica(self) -> bool:
        """Whether the sites are a replica on this machine."""
        return self.sites_url is not None
